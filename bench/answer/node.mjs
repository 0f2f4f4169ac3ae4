// The whole answer in Node: prints its times as JSON.
import { SAMPLE_RATE, speech } from '../clip.mjs';
import { measure } from './measure.mjs';

const packaged = (/** @type {string} */ file) => new URL(`../../pkg/${file}`, import.meta.url).href;
const answers = await measure({
  packageUrl: packaged('node.js'),
  moduleUrl: packaged('speech_emotion.js'),
  speech: speech(SAMPLE_RATE),
  speech48: speech(48_000),
});
console.log(JSON.stringify({ engine: `Node ${process.version}`, ...answers }));
