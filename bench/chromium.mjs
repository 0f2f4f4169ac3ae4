// Times features and answers in headless Chromium, on one thread: node bench/chromium.mjs
import { argv, getuid } from 'node:process';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { findBrowser } from '../scripts/browser.mjs';
import { Stop, script } from '../scripts/run.mjs';
import { serve } from '../scripts/serve.mjs';
import { SAMPLE_RATE, SECONDS, speech } from './clip.mjs';
import { measure } from './measure.mjs';

/** @returns {Promise<{ engine: string, timings: import('./measure.mjs').Timings }>} */
export async function measureChromium() {
  const { chromium: executablePath } = findBrowser();
  if (!executablePath) throw new Stop('expected Chromium for the benchmark, found none');
  const site = await serve();
  const args = getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    // A page of the same host, without the demo's own copy of the model at work beside it.
    await page.goto(new URL('pkg/README.md', site.url).href);
    const packageUrl = new URL('pkg/index.js', site.url).href;
    const timings = await page.evaluate(measure, { packageUrl, speech: speech(), sampleRate: SAMPLE_RATE });
    return { engine: `Chromium ${browser.version()}`, timings };
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * A line for each figure, with how many times faster than the clip plays.
 * @param {string} engine
 * @param {import('./measure.mjs').Timings} timings
 */
export function table(engine, { features, answer, network }) {
  /** @param {string} what @param {number} ms @param {string} [spread] */
  const row = (what, ms, spread = '') =>
    `${what.padEnd(34)}${ms.toFixed(2).padStart(8)} ms${((SECONDS * 1000) / ms).toFixed(0).padStart(8)} x real time${spread}`;
  /** @param {import('./measure.mjs').Timing} timing */
  const spread = ({ lowest, highest }) => `   ${lowest.toFixed(2)} to ${highest.toFixed(2)}`;
  return [
    `${engine}, ${SECONDS} s of speech at ${SAMPLE_RATE / 1000} kHz, one thread, medians`,
    row('features (all of extractFeatures)', features.milliseconds, spread(features)),
    row('answer (gate, features, network)', answer.milliseconds, spread(answer)),
    row('  of that, before the network', answer.milliseconds - network),
    row('  of that, the network', network),
  ].join('\n');
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await script(async () => {
    const { engine, timings } = await measureChromium();
    console.log(table(engine, timings));
  });
}
