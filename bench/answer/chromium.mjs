// The whole answer in headless Chromium: prints its times as JSON.
import { script } from '../../scripts/run.mjs';
import { SAMPLE_RATE, speech } from '../clip.mjs';
import { inPage } from '../site.mjs';
import { measure } from './measure.mjs';

await script(async () => {
  const { engine, result } = await inPage((page) => {
    const packaged = (/** @type {string} */ file) => new URL(`pkg/${file}`, page.url()).href;
    return page.evaluate(measure, {
      packageUrl: packaged('index.js'),
      moduleUrl: packaged('speech_emotion.js'),
      speech: speech(SAMPLE_RATE),
      speech48: speech(48_000),
    });
  });
  console.log(JSON.stringify({ engine, ...result }));
});
