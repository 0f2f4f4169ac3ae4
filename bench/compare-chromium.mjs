// The comparison in headless Chromium: prints its rows as JSON.
import { script } from '../scripts/run.mjs';
import { SPEECH_RATE, rawSpeech } from './clip.mjs';
import { inPage } from './site.mjs';

await script(async () => {
  const { engine, result: rows } = await inPage(async (page) => {
    await page.addScriptTag({ url: '/bench/node_modules/meyda/dist/web/meyda.min.js' });
    return page.evaluate(
      async ({ speech, sampleRate }) => {
        const address = '/bench/compare-page.mjs';
        const { run } = await import(address);
        return run(speech, sampleRate);
      },
      { speech: rawSpeech(), sampleRate: SPEECH_RATE },
    );
  });
  console.log(JSON.stringify({ engine, rows }));
});
