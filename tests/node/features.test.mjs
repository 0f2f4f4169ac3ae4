import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, speech, tone } from './support.mjs';

const { EMOTIONS, FEATURES, Recognizer, extractFeatures } = api;

/** @type {Record<string, number>} */
const BANDS = {
  melspectrogram: 128,
  log_mel: 128,
  mfcc: 20,
  chroma_stft: 12,
  spectral_contrast: 7,
  poly_features: 2,
  tonnetz: 6,
};

test('every feature has its shape', async () => {
  const samples = tone(22_050, 1);
  const features = await extractFeatures(samples, { sampleRate: 22_050 });
  assert.deepEqual(Object.keys(features), [...FEATURES]);
  for (const [name, { data, shape }] of Object.entries(features)) {
    assert.deepEqual(shape, [BANDS[name] ?? 1, 1 + Math.floor(samples.length / 512)], name);
    assert.ok(data instanceof Float32Array);
    assert.equal(data.length, shape[0] * shape[1], name);
    assert.ok(data.every(Number.isFinite), name);
  }
});

test('only the features asked for are computed, in their order', async () => {
  const features = await extractFeatures(tone(16_000, 1), { sampleRate: 16_000, features: ['rms', 'mfcc'] });
  assert.deepEqual(Object.keys(features), ['rms', 'mfcc']);
});

test('a tone has its level, its frequency and its pitch class', async () => {
  const { rms, spectral_centroid, spectral_bandwidth, chroma_stft } = await extractFeatures(tone(22_050, 1), {
    sampleRate: 22_050,
    features: ['rms', 'spectral_centroid', 'spectral_bandwidth', 'chroma_stft'],
  });
  const [, frames] = rms.shape;
  for (let frame = 4; frame < frames - 4; frame += 1) {
    assert.ok(Math.abs((rms.data[frame] ?? NaN) - 0.5 / Math.SQRT2) < 1e-3);
    assert.ok(Math.abs((spectral_centroid.data[frame] ?? NaN) - 440) < 5);
    assert.ok((spectral_bandwidth.data[frame] ?? NaN) < 50);
    const classes = Array.from({ length: 12 }, (_, band) => chroma_stft.data[band * frames + frame] ?? NaN);
    assert.equal(classes.indexOf(Math.max(...classes)), 9, 'A');
  }
});

test('features of an array of channels are those of their mean', async () => {
  const { channels, sampleRate } = speech();
  const [samples] = channels;
  assert.ok(samples);
  const silent = new Float32Array(samples.length);
  const options = { sampleRate, features: /** @type {const} */ (['rms']) };
  const { rms: mono } = await extractFeatures(samples, options);
  const { rms: half } = await extractFeatures([samples, silent], options);
  mono.data.forEach((value, frame) => assert.ok(Math.abs(value / 2 - (half.data[frame] ?? NaN)) < 1e-6));
});

test("the package's names are the library's", async () => {
  const recognizer = await Recognizer.load();
  const module = await import(new URL('../../pkg/speech_emotion.js', import.meta.url).href);
  assert.deepEqual(module.emotions(), [...EMOTIONS]);
  assert.deepEqual(module.features(), [...FEATURES]);
  recognizer.dispose();
});
