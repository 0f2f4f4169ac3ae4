import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { missing, startBrowser, startSite, visit } from './harness.mjs';

/** @type {Awaited<ReturnType<typeof startSite>>} */
let site;
/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;

const skip = missing() ?? false;

before(async () => {
  if (skip) return;
  site = await startSite();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

test('the features load without the network, under the strict policy', { skip }, async () => {
  const { page, requests, faults } = await visit(browser, new URL('pkg/README.md', site.url).href);
  const result = await page.evaluate(async (address) => {
    const { FeatureStream, mfcc, yin } = await import(address);
    const clip = Float32Array.from({ length: 16_000 }, (_, n) => 0.5 * Math.sin(0.2 * n));
    const { data, shape } = await mfcc(clip, { sampleRate: 16_000, topDb: null });
    const { f0 } = await yin(clip, { sampleRate: 16_000 });
    const stream = await FeatureStream.load({ sampleRate: 16_000, features: ['mfcc'], topDb: null });
    const parts = [stream.push(clip.subarray(0, 9_000)), stream.push(clip.subarray(9_000)), stream.finish()];
    const frames = parts.map((part) => part.mfcc.shape[1]);
    const same = parts[2].mfcc.data.at(-1) === data.at(-1);
    return { shape, f0: f0[16], frames, same };
  }, new URL('pkg/features.js', site.url).href);
  assert.deepEqual(result.shape, [20, 32]);
  assert.ok(Math.abs(result.f0 - (0.2 * 16_000) / (2 * Math.PI)) < 2, `${result.f0} Hz`);
  assert.equal(
    result.frames.reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, 0),
    32,
  );
  assert.ok(result.same);
  const modules = requests.map((request) => request.url()).filter((url) => url.endsWith('.wasm'));
  assert.deepEqual(modules, [new URL('pkg/speech_emotion_features_bg.wasm', site.url).href]);
  // A page that is a picture has the browser look for an icon at the host's root.
  assert.deepEqual(
    (await faults()).filter((fault) => !fault.includes('404')),
    [],
  );
});
