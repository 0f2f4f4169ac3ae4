// From a cold page to the first answer in headless Chromium: the package's files lie in the disk cache, the browser has
// just started. Prints the times as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { Stop, script } from '../../scripts/run.mjs';
import { SAMPLE_RATE, speech } from '../clip.mjs';
import { summary } from '../network/compare.mjs';
import { launchOptions, serve } from '../site.mjs';

const ROUNDS = 5;

/**
 * In the page: imports the package, loads the network and answers 3 s of speech.
 * @param {number[]} samples
 * @returns {Promise<{ ready: number, answer: number }>} ms from the import on
 */
async function firstAnswer(samples) {
  const clip = Float32Array.from(samples);
  const start = performance.now();
  const address = '/pkg/index.js';
  const { Recognizer } = await import(address);
  const recognizer = await Recognizer.load();
  const ready = performance.now() - start;
  const { label } = await recognizer.analyze(clip, { sampleRate: 16_000, segments: false });
  const answer = performance.now() - start;
  if (label === null) throw new Error('expected speech in the clip, got none: nothing was timed');
  return { ready, answer };
}

await script(async () => {
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
      const times = await page.evaluate(firstAnswer, speech(SAMPLE_RATE));
      if (round >= 0) rounds.push(times);
      else {
        // Time to write the cache.
        await page.waitForTimeout(2_000);
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
  const fetched = requested.filter((path) => path.startsWith('/pkg/'));
  if (fetched.length > 0)
    throw new Stop(`expected the package from the disk cache, got requests of ${fetched}`);
  console.log(
    JSON.stringify({
      engine,
      rounds: ROUNDS,
      ready: summary(rounds.map(({ ready }) => ready)),
      answer: summary(rounds.map(({ answer }) => answer)),
    }),
  );
});
