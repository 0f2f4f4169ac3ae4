import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, api, speech, tone } from './support.mjs';

const { Recognizer, SpeechEmotionError, extractFeatures } = api;

/** @typedef {(samples: any, options?: any) => Promise<unknown>} Call */

const second = tone(16_000, 1);
const options = { sampleRate: 16_000 };
const buffer = { numberOfChannels: 1, sampleRate: 16_000, getChannelData: () => second };

/** What both calls refuse: samples, options, code, message. @type {[unknown, unknown, string, RegExp][]} */
const REFUSED = [
  [new Float32Array(0), options, 'empty-audio', /at least one sample, got none/],
  [[], options, 'empty-audio', /at least one sample, got none/],
  [[second, second.subarray(1)], options, 'channel-length', /16000 samples .* got 15999 in channel 1/],
  [Float32Array.of(0, NaN), options, 'non-finite-sample', /finite samples, got NaN at sample 1 of channel 0/],
  [[second, second.map(() => Infinity)], options, 'non-finite-sample', /got inf at sample 0 of channel 1/],
  [second, { sampleRate: 7_999 }, 'sample-rate', /8000 to 192000 Hz, got 7999 Hz/],
  [second, { sampleRate: 192_001 }, 'sample-rate', /got 192001 Hz/],
  [second, { sampleRate: 0 }, 'sample-rate', /got 0 Hz/],
  [undefined, options, 'invalid-argument', /samples to be a Float32Array, .* got undefined/],
  [null, options, 'invalid-argument', /got null/],
  ['speech.wav', options, 'invalid-argument', /got the string "speech\.wav"/],
  [new Int16Array(16_000), options, 'invalid-argument', /got an object of type Int16Array/],
  [{ length: 3 }, options, 'invalid-argument', /got a plain object/],
  [Object.create(null), options, 'invalid-argument', /got a plain object/],
  [[0, 0.5], options, 'invalid-argument', /channel 0 of samples to be a Float32Array, got the number 0/],
  [
    [second, new Float64Array(4)],
    options,
    'invalid-argument',
    /channel 1 .* got an object of type Float64Array/,
  ],
  [second, undefined, 'invalid-argument', /options\.sampleRate to be a whole number of Hz, got undefined/],
  [second, {}, 'invalid-argument', /options\.sampleRate .* got undefined/],
  [second, { sampleRate: '16000' }, 'invalid-argument', /got the string "16000"/],
  [second, { sampleRate: 22_050.5 }, 'invalid-argument', /got the number 22050\.5/],
  [second, { sampleRate: NaN }, 'invalid-argument', /got the number NaN/],
  [second, { sampleRate: -16_000 }, 'invalid-argument', /got the number -16000/],
  [second, { sampleRate: 2 ** 32 + 16_000 }, 'invalid-argument', /got the number 4294983296/],
  [
    second,
    16_000,
    'invalid-argument',
    /options to be an object such as \{ sampleRate: 16000 \}, got the number/,
  ],
  [second, null, 'invalid-argument', /options to be an object .* got null/],
  [buffer, { sampleRate: 44_100 }, 'invalid-argument', /the AudioBuffer's 16000, got the number 44100/],
];

/**
 * @param {Call} call
 * @param {unknown} samples
 * @param {unknown} given
 * @param {string} code
 * @param {RegExp} message
 */
async function refuses(call, samples, given, code, message) {
  await assert.rejects(
    () => call(samples, given),
    (error) => {
      assert.ok(error instanceof SpeechEmotionError && error instanceof Error, String(error));
      assert.equal(error.name, 'SpeechEmotionError');
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}

test('analyze refuses what it cannot use, by name', async () => {
  const recognizer = await Recognizer.load();
  /** @type {Call} */
  const analyze = (samples, given) => recognizer.analyze(samples, given);
  for (const [samples, given, code, message] of REFUSED)
    await refuses(analyze, samples, given, code, message);
  await refuses(
    analyze,
    second.subarray(0, 3_999),
    options,
    'too-short',
    /at least 0\.25 s .* got 0\.2499375 s/,
  );
  await refuses(analyze, second.subarray(0, 1_600), options, 'too-short', /got 0\.1 s/);
  const longer = new Float32Array(8_000 * 3_601);
  await refuses(analyze, longer, { sampleRate: 8_000 }, 'too-long', /at most 3600 s .* got 3601 s/);
  // And goes on working.
  await recognizer.analyze(second, options);
  recognizer.dispose();
});

test("load refuses weights that are not its network's", async () => {
  const shipped = readFileSync(join(ROOT, 'src', 'model', 'speech_emotion.weights'));
  /** @param {number} at @param {number} value */
  const changed = (at, value) => Uint8Array.from(shipped).fill(value, at, at + 1);
  // A file of one byte that its header announces rightly: the checksum of one zero byte is d202ef8d.
  const empty = Uint8Array.of(...shipped.subarray(0, 12), 1, 0, 0, 0, 0x8d, 0xef, 0x02, 0xd2, 0);
  /** @type {[unknown, string, RegExp][]} */
  const cases = [
    [new Uint8Array(0), 'weights-format', /a speech-emotion weights file/],
    [new TextEncoder().encode('<!doctype html>'), 'weights-format', /begin with/],
    [shipped.subarray(0, 19), 'weights-length', /20 bytes, got 19/],
    [shipped.subarray(0, 1_000), 'weights-length', new RegExp(`${shipped.length} bytes, got 1000`)],
    [changed(8, 99), 'weights-version', /version 5, got version 99/],
    [changed(5_000, shipped[5_000] === 0 ? 1 : 0), 'weights-checksum', /damaged/],
    [empty, 'weights-shape', /another shape|other/],
    ['speech_emotion.weights', 'invalid-argument', /a Uint8Array or a name \(crema-d\), got the string/],
    ['toString', 'invalid-argument', /or a name/],
  ];
  for (const [weights, code, message] of cases) {
    await refuses((_, given) => Recognizer.load(given), undefined, { weights }, code, message);
  }
  // The right ones give the answer of those in the module.
  const [own, given] = [await Recognizer.load(), await Recognizer.load({ weights: shipped })];
  const clip = speech();
  const answer = await given.analyze(clip.channels, { sampleRate: clip.sampleRate });
  assert.deepEqual(answer, await own.analyze(clip.channels, { sampleRate: clip.sampleRate }));
  assert.notEqual(answer.label, null);
});

test('extractFeatures refuses what it cannot use, by name', async () => {
  /** @type {Call} */
  const extract = extractFeatures;
  for (const [samples, given, code, message] of REFUSED)
    await refuses(extract, samples, given, code, message);
  const named = (/** @type {unknown} */ features) => ({ ...options, features });
  const list = /at least one of melspectrogram, .*spectral_flatness/;
  await refuses(
    extract,
    second,
    named(['loudness']),
    'unknown-feature',
    /one of melspectrogram, .* "loudness"/,
  );
  await refuses(extract, second, named('mfcc'), 'invalid-argument', list);
  await refuses(extract, second, named([]), 'invalid-argument', list);
  await refuses(extract, second, named([1]), 'invalid-argument', /features to hold names, got the number 1/);
});
