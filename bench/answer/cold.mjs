// From a cold page to the first answer in headless Chromium: the package's files lie in the disk cache, the browser has
// just started. As it is installed, and as a bundler leaves it. Prints the times as JSON.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

import { ROOT, Stop, script } from '../../scripts/run.mjs';
import { SAMPLE_RATE, speech } from '../clip.mjs';
import { summary } from '../network/compare.mjs';
import { launchOptions, serve } from '../site.mjs';

const ROUNDS = 11;
const BUNDLE = '.cache/bench/bundle';

/**
 * In the page: imports the package, loads the network and answers 3 s of speech.
 * @param {{ address: string, samples: number[] }} what
 * @returns {Promise<{ ready: number, answer: number }>} ms from the import on
 */
async function firstAnswer({ address, samples }) {
  const clip = Float32Array.from(samples);
  const start = performance.now();
  const { Recognizer } = await import(address);
  const recognizer = await Recognizer.load();
  const ready = performance.now() - start;
  const { label } = await recognizer.analyze(clip, { sampleRate: 16_000, segments: false });
  const answer = performance.now() - start;
  if (label === null) throw new Error('expected speech in the clip, got none: nothing was timed');
  return { ready, answer };
}

/** The package as a site's build leaves it: one script for the page, one for the worker. */
async function bundle() {
  const pkg = join(ROOT, 'pkg');
  await build({
    entryPoints: [join(pkg, 'index.js'), join(pkg, 'worker.js')],
    bundle: true,
    format: 'esm',
    minify: true,
    outdir: join(ROOT, BUNDLE),
  });
  copyFileSync(join(pkg, 'speech_emotion_bg.wasm'), join(ROOT, BUNDLE, 'speech_emotion_bg.wasm'));
}

/** @param {string} address of the package's entry */
async function measured(address) {
  const { url, close, requested } = await serve();
  const profile = mkdtempSync(join(tmpdir(), 'speech-emotion-cold-'));
  let engine = '';
  /** @type {Awaited<ReturnType<typeof firstAnswer>>[]} */
  const rounds = [];
  try {
    // The first fills the cache.
    for (let round = -1; round < ROUNDS; round += 1) {
      const context = await chromium.launchPersistentContext(profile, launchOptions());
      engine = `Chromium ${context.browser()?.version() ?? ''}`.trim();
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(url);
      const times = await page.evaluate(firstAnswer, { address, samples: speech(SAMPLE_RATE) });
      if (round >= 0) rounds.push(times);
      else {
        // Time to write the cache, of what was compiled as well.
        await page.waitForTimeout(5_000);
        requested.length = 0;
      }
      await context.close();
    }
  } finally {
    close();
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    } catch {
      // The browser's last processes may still be writing: the system clears its folder for such files.
    }
  }
  const fetched = requested.filter((path) => path !== '/' && path !== '/favicon.ico');
  if (fetched.length > 0)
    throw new Stop(`expected the package from the disk cache, got requests of ${fetched}`);
  const ready = summary(rounds.map((times) => times.ready));
  return { engine, ready, answer: summary(rounds.map(({ answer }) => answer)) };
}

await script(async () => {
  await bundle();
  const installed = await measured('/pkg/index.js');
  const { ready, answer } = await measured(`/${BUNDLE}/index.js`);
  console.log(JSON.stringify({ ...installed, rounds: ROUNDS, bundled: { ready, answer } }));
});
