// The comparison in headless Chromium: prints its rows as JSON.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { getuid } from 'node:process';

import { chromium } from 'playwright-core';

import { findBrowser } from '../scripts/browser.mjs';
import { ROOT, Stop, script } from '../scripts/run.mjs';
import { SPEECH_RATE, rawSpeech } from './clip.mjs';

/** @type {Record<string, string>} */
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** The package and the benchmark's own folder, without the demo's policy: essentia.js makes functions of strings. */
async function serve() {
  const server = createServer((request, response) => {
    const path = normalize((request.url ?? '/').split('?', 1)[0] ?? '/');
    if (path === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>bench</title>');
    } else if (/^\/(pkg|bench)\//.test(path) && existsSync(join(ROOT, path))) {
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
      createReadStream(join(ROOT, path)).pipe(response);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}/`, server };
}

await script(async () => {
  const { chromium: executablePath } = findBrowser();
  if (!executablePath) throw new Stop('expected Chromium for the benchmark, found none');
  const { url, server } = await serve();
  const browser = await chromium.launch({ executablePath, args: getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.addScriptTag({ url: '/bench/node_modules/meyda/dist/web/meyda.min.js' });
    const rows = await page.evaluate(
      async ({ speech, sampleRate }) => {
        const address = '/bench/compare-page.mjs';
        const { run } = await import(address);
        return run(speech, sampleRate);
      },
      { speech: rawSpeech(), sampleRate: SPEECH_RATE },
    );
    console.log(JSON.stringify({ engine: `Chromium ${browser.version()}`, rows }));
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
});
