// The module of the features alone against librosa 0.11.0: the fixtures of the native parity suite, and its gates.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './support.mjs';

/** @typedef {import('../../pkg-template/features.js').FeatureName} FeatureName */
/** @typedef {{ shape: [number, number], offset: number }} Reference */
/**
 * @typedef {object} Case
 * @property {string} name
 * @property {number} sample_rate
 * @property {number} samples
 * @property {number} offset
 * @property {string | null} source
 * @property {number[]} kept the frames whose references are kept
 * @property {Record<string, unknown>} options
 * @property {Record<FeatureName, Reference>} features
 */

/** @type {typeof import('../../pkg-template/features.js')} */
const entry = await import(join(ROOT, 'pkg', 'features-node.js'));

const FOLDER = join(ROOT, 'tests', 'fixtures');
const read = (/** @type {string} */ name) => readFileSync(join(FOLDER, name));

/** @param {Buffer} bytes */
function pcm(bytes) {
  const samples = new Float32Array(Math.floor(bytes.length / 2));
  return samples.map((_, index) => bytes.readInt16LE(2 * index) / 32_768);
}

/** @param {string} name */
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/**
 * How far a value may lie from librosa's: a number, and a share of librosa's.
 * @type {Record<FeatureName, [absolute: number, relative: number]>}
 */
const GATES = {
  melspectrogram: [1e-12, 2e-6],
  log_mel: [1e-3, 0],
  mfcc: [1e-3, 0],
  chroma_stft: [1e-4, 0],
  rms: [1e-6, 0],
  zero_crossing_rate: [0, 0],
  spectral_centroid: [1e-2, 0],
  spectral_bandwidth: [1e-3, 0],
  spectral_contrast: [1e-3, 0],
  spectral_rolloff: [0, 0],
  spectral_flatness: [1e-5, 0],
  poly_features: [1e-9, 1e-6],
  tonnetz: [1e-6, 0],
};

/**
 * @param {FeatureName} feature
 * @param {Record<string, unknown>} options
 * @returns {[absolute: number, relative: number]}
 */
function gate(feature, options) {
  // Sums of many, in their own units.
  if (feature === 'mfcc' && options.dct_norm === null)
    return [1e-3 * Math.sqrt(2 * Number(options.n_mels)), 0];
  if (feature === 'spectral_bandwidth' && !options.bandwidth_norm) return [1e-3, 2e-6];
  if (feature === 'spectral_contrast' && options.linear) return [1e-6, 2e-6];
  return GATES[feature];
}

test('every feature is what librosa computes', async () => {
  const { cases } = /** @type {{ cases: Case[] }} */ (JSON.parse(read('index.json').toString()));
  const bytes = read('reference.f32');
  const reference = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const signals = pcm(read('pcm.i16'));
  const sentences = ['door.wav', 'eleven.wav'].map((name) => read(join('speech', name)).subarray(44));
  const speech = pcm(Buffer.concat(sentences));
  for (const { name, sample_rate: sampleRate, samples, offset, source, kept, options, features } of cases) {
    const clip = (source ? speech : signals).subarray(offset, offset + samples);
    const given = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value]));
    const computed = await entry.extractFeatures(clip, { ...given, sampleRate });
    for (const feature of entry.FEATURES) {
      const { data, shape } = computed[feature];
      const expected = features[feature];
      assert.deepEqual(shape, expected.shape, `${feature} of ${name}`);
      const [bands, frames] = shape;
      const [absolute, relative] = gate(feature, options);
      for (let band = 0; band < bands; band += 1) {
        for (const [place, frame] of kept.entries()) {
          const got = data[band * frames + frame] ?? NaN;
          const theirs = reference[expected.offset + band * kept.length + place] ?? NaN;
          const near = Math.abs(got - theirs) <= absolute + relative * Math.abs(theirs);
          assert.ok(near, `${feature} of ${name}, band ${band}, frame ${frame}: ${got} and not ${theirs}`);
        }
      }
    }
  }
});
