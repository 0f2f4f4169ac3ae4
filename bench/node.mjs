// Times features and answers in Node, on one thread: node bench/node.mjs
import { table } from './chromium.mjs';
import { SAMPLE_RATE, speech } from './clip.mjs';
import { measure } from './measure.mjs';

const packageUrl = new URL('../pkg/node.js', import.meta.url).href;
const timings = await measure({ packageUrl, speech: speech(), sampleRate: SAMPLE_RATE });
console.log(table(`Node ${process.version}`, timings));
