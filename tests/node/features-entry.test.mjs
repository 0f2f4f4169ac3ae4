import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, speech, tone } from './support.mjs';

/** @typedef {typeof import('../../pkg-template/features.js')} Features */

/** The features' own entry, as Node resolves it for those who install it. @type {Features} */
const entry = await import(new URL('../../pkg/features-node.js', import.meta.url).href);
const { Extractor, FEATURES, FeatureStream, SpeechEmotionError, extractFeatures } = entry;

const sampleRate = 22_050;
const clip = tone(sampleRate, 1);
const frames = 1 + Math.floor(clip.length / 512);

/**
 * @param {() => unknown} call
 * @param {string} code
 * @param {RegExp} message
 */
async function refuses(call, code, message) {
  await assert.rejects(
    async () => call(),
    (error) => {
      assert.ok(error instanceof SpeechEmotionError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}

test('both modules compute the same', async () => {
  const { channels, sampleRate } = speech();
  const [own, other] = [
    await extractFeatures(channels, { sampleRate }),
    await api.extractFeatures(channels, { sampleRate }),
  ];
  assert.deepEqual(Object.keys(own), [...FEATURES]);
  for (const name of FEATURES) {
    assert.deepEqual(own[name].shape, other[name].shape, name);
    // Built for size and for speed: the compiler may round a sum otherwise, and tables differ in the last digits of f64.
    own[name].data.forEach((value, index) => {
      const expected = other[name].data[index] ?? NaN;
      assert.ok(
        Math.abs(value - expected) <= 1e-5 * Math.abs(expected) + 1e-5,
        `${name}: ${value}, ${expected}`,
      );
    });
  }
});

test('each feature is a function of its own', async () => {
  /** @type {[(keyof Features), string][]} */
  const functions = [
    ['melspectrogram', 'melspectrogram'],
    ['logMel', 'log_mel'],
    ['mfcc', 'mfcc'],
    ['chromaStft', 'chroma_stft'],
    ['rms', 'rms'],
    ['zeroCrossingRate', 'zero_crossing_rate'],
    ['spectralCentroid', 'spectral_centroid'],
    ['spectralBandwidth', 'spectral_bandwidth'],
    ['spectralContrast', 'spectral_contrast'],
    ['spectralRolloff', 'spectral_rolloff'],
    ['spectralFlatness', 'spectral_flatness'],
    ['polyFeatures', 'poly_features'],
    ['tonnetz', 'tonnetz'],
  ];
  const all = await extractFeatures(clip, { sampleRate });
  assert.equal(functions.length, FEATURES.length);
  for (const [name, feature] of functions) {
    const single = /** @type {(samples: Float32Array, options: object) => Promise<unknown>} */ (entry[name]);
    const key = /** @type {keyof typeof all} */ (feature);
    assert.deepEqual(await single(clip, { sampleRate }), all[key], name);
  }
});

test('options change what they name', async () => {
  const { shape } = await entry.mfcc(clip, {
    sampleRate,
    nFft: 1024,
    hopLength: 256,
    nMfcc: 13,
    center: false,
  });
  assert.deepEqual(shape, [13, 1 + Math.floor((clip.length - 1024) / 256)]);
  const power = await entry.melspectrogram(clip, { sampleRate, nMels: 40, htk: true, melNorm: null });
  const magnitude = await entry.melspectrogram(clip, {
    sampleRate,
    nMels: 40,
    htk: true,
    melNorm: null,
    power: 1,
  });
  assert.ok(Math.max(...power.data) > 2 * Math.max(...magnitude.data));
  const hann = await entry.stft(clip, { output: 'power' });
  const boxcar = await entry.stft(clip, { output: 'power', window: 'boxcar', winLength: 1024 });
  assert.deepEqual(hann.shape, [1025, frames]);
  assert.notDeepEqual(hann.data, boxcar.data);
  const linear = await entry.spectralContrast(clip, { sampleRate, linear: true, nBands: 3 });
  assert.deepEqual(linear.shape, [4, frames]);
  const chroma = await entry.chromaStft(clip, { sampleRate, tuning: 0, chromaNorm: 'sum' });
  const sums = Array.from({ length: frames }, (_, frame) =>
    Array.from({ length: 12 }, (_, band) => chroma.data[band * frames + frame] ?? NaN).reduce(
      (a, b) => a + b,
    ),
  );
  for (const sum of sums) assert.ok(Math.abs(sum - 1) < 1e-5);
  const quarters = await entry.chromaStft(clip, { sampleRate, nChroma: 24, baseC: false });
  assert.deepEqual(quarters.shape, [24, frames]);
  const constant = new Float32Array(4000).fill(0.5);
  const level = await entry.rms(constant, { padMode: 'edge' });
  assert.ok(level.data.every((value) => value === 0.5));
});

test('a complex spectrum holds both parts of each value side by side', async () => {
  const { data, shape } = await entry.stft(clip);
  assert.deepEqual(shape, [1025, frames, 2]);
  const { data: power } = await entry.stft(clip, { output: 'power' });
  const { data: magnitude } = await entry.stft(clip, { output: 'magnitude' });
  assert.equal(data.length, 2 * power.length);
  power.forEach((value, index) => {
    const [re, im] = [data[2 * index] ?? NaN, data[2 * index + 1] ?? NaN];
    assert.ok(Math.abs(re * re + im * im - value) <= 1e-6 * value);
    assert.ok(Math.abs(Math.hypot(re, im) - (magnitude[index] ?? NaN)) <= 1e-6 * Math.hypot(re, im));
  });
});

test('pitch, silence, pre-emphasis, deltas and decibels', async () => {
  const { f0, voicedProb, shape } = await entry.yin(clip, { sampleRate });
  assert.deepEqual(shape, [frames]);
  assert.equal(f0.length, frames);
  assert.equal(voicedProb.length, frames);
  assert.ok(Math.abs((f0[20] ?? NaN) - 440) < 2 && (voicedProb[20] ?? 0) > 0.9);

  const quiet = new Float32Array(40_000);
  quiet.set(clip, 10_000);
  const [start, end] = await entry.trim(quiet, { frameLength: 512, hopLength: 128 });
  assert.ok(Math.abs(start - 10_000) < 512 && Math.abs(end - 32_050) < 512);
  assert.deepEqual(await entry.split(quiet, { frameLength: 512, hopLength: 128 }), [[start, end]]);
  assert.deepEqual(await entry.trim(new Float32Array(4000), { ref: 1 }), [0, 0]);

  const lifted = await entry.preemphasis(Float32Array.of(1, 1, 0), { coef: 0.5, zi: 0 });
  assert.deepEqual([...lifted.data], [1, 0.5, -0.5]);
  assert.deepEqual(lifted.shape, [3]);

  const ramp = { data: Float32Array.from({ length: 12 }, (_, frame) => frame / 2), shape: [1, 12] };
  const matrix = /** @type {import('../../pkg-template/features.js').FeatureMatrix} */ (ramp);
  const slope = await entry.delta(matrix, { width: 5 });
  assert.deepEqual(slope.shape, [1, 12]);
  assert.ok(slope.data.every((value) => Math.abs(value - 0.5) < 1e-6));

  const flat = await entry.delta(
    { data: new Float32Array(12).fill(3), shape: [1, 12] },
    { width: 25, mode: 'nearest' },
  );
  assert.ok(flat.data.every((value) => Math.abs(value) < 1e-7));

  const decibels = await entry.powerToDb(Float32Array.of(1e-3, 1, 100));
  assert.deepEqual([...decibels], [-30, 0, 20]);
  const relative = await entry.powerToDb(matrix, { ref: 'max', topDb: null });
  assert.deepEqual([relative.shape, relative.data[11]], [[1, 12], 0]);
  assert.deepEqual([...(await entry.dbToPower(Float32Array.of(10, 0), { ref: 2 }))], [20, 2]);
});

test('an extractor is planned once and gives what the function gives', async () => {
  const options = { sampleRate, features: /** @type {const} */ (['mfcc', 'rms']), nMfcc: 13 };
  const extractor = await Extractor.load(options);
  for (const samples of [clip, clip.subarray(5000)]) {
    assert.deepEqual(extractor.extract(samples), await extractFeatures(samples, options));
  }
  await refuses(() => extractor.extract(new Float32Array(0)), 'empty-audio', /at least one sample/);
  extractor.dispose();
  extractor.dispose();
  await refuses(() => extractor.extract(clip), 'disposed', /after dispose/);
  // @ts-expect-error: constructed by load() alone
  await refuses(() => new Extractor(), 'invalid-argument', /Extractor\.load/);
});

test('a stream gives the frames of the whole clip', async () => {
  const features = /** @type {const} */ (['mfcc', 'chroma_stft', 'zero_crossing_rate']);
  const options = { sampleRate, features, topDb: null, tuning: 0 };
  const whole = await extractFeatures(clip, options);
  for (const size of [1, 500, 2048, 50_000]) {
    const stream = await FeatureStream.load(options);
    /** @type {import('../../pkg-template/features.js').Features<'mfcc' | 'chroma_stft' | 'zero_crossing_rate'>[]} */
    const parts = [];
    // One sample at a time only as far as a few frames.
    const end = size === 1 ? 3000 : clip.length;
    for (let at = 0; at < end; at += size)
      parts.push(stream.push(clip.subarray(at, Math.min(at + size, end))));
    parts.push(stream.finish());
    for (const name of features) {
      const [bands] = whole[name].shape;
      /** @type {number} */
      const count = parts.reduce((/** @type {number} */ sum, part) => sum + part[name].shape[1], 0);
      assert.equal(count, 1 + Math.floor(end / 512), name);
      // The last frames of a clip that ends early reach into silence.
      const settled = size === 1 ? 3 : count;
      for (let band = 0; band < bands; band += 1) {
        /** @type {number[]} */
        const row = parts.flatMap(({ [name]: { data, shape } }) => [
          ...data.subarray(band * shape[1], (band + 1) * shape[1]),
        ]);
        const expected = whole[name].data.subarray(band * frames, band * frames + settled);
        assert.deepEqual(row.slice(0, settled), [...expected], `${name}, pieces of ${size}`);
      }
    }
    await refuses(() => stream.push(clip), 'disposed', /after dispose\(\) or finish\(\)/);
  }
  await refuses(
    () => FeatureStream.load({ sampleRate, features: ['mfcc'] }),
    'parameter',
    /^topDb: expected none, .* for mfcc in a stream, got 80$/,
  );
  const stream = await FeatureStream.load({ sampleRate, features: ['rms'] });
  await refuses(() => stream.push(Float32Array.of(0, NaN)), 'non-finite-sample', /sample 1/);
  await refuses(() => stream.finish(), 'empty-audio', /got none/);
  stream.dispose();
});

test('every option is read, and refused by its name', async () => {
  /** A value out of bounds for each option. @type {[string, unknown, RegExp][]} */
  const cases = [
    ['nFft', 31, /^nFft: expected 32 to 32768, got 31$/],
    ['hopLength', 0, /^hopLength: expected 1 to the 2048 of nFft, got 0$/],
    ['winLength', 4096, /^winLength: expected none or 1 to the 2048 of nFft, got 4096$/],
    ['power', 3, /^power: expected above 0 and up to 2, got 3$/],
    ['nMels', 1000, /^nMels: expected 1 to 512, got 1000$/],
    ['fmin', -1, /^fmin: expected 0 to 11024 Hz, got -1$/],
    ['fmax', 11_025.5, /^fmax: expected none or 1 to 11025 Hz, got 11025\.5$/],
    ['nMfcc', 129, /^nMfcc: expected 1 to the 128 of nMels, got 129$/],
    ['lifter', NaN, /^lifter: expected at least 0, got NaN$/],
    ['topDb', -1, /^topDb: expected none or at least 0 dB, got -1$/],
    ['tuning', 0.75, /^tuning: expected none or -0\.5 to 0\.5 classes, got 0\.75$/],
    ['threshold', -1, /^threshold: expected a finite number of at least 0, got -1$/],
    ['nChroma', 0, /^nChroma: expected 1 to 120, got 0$/],
    ['ctroct', NaN, /^ctroct: expected a finite number of octaves, got NaN$/],
    ['octwidth', 0, /^octwidth: expected none or octaves above 0, got 0$/],
    ['dctType', 4, /^dctType: expected 1 to 3, got 4$/],
    ['flatnessPower', 0, /^flatnessPower: expected above 0 and up to 2, got 0$/],
    ['p', 100, /^p: expected 0\.1 to 10, got 100$/],
    ['rollPercent', 1, /^rollPercent: expected above 0 and below 1, got 1$/],
    ['nBands', 0, /^nBands: expected 1 to 16, got 0$/],
    ['contrastFmin', 0, /^contrastFmin: expected above 0 and below 11025 Hz, got 0$/],
    ['quantile', 1, /^quantile: expected above 0 and below 1, got 1$/],
    ['flatnessAmin', 0, /^flatnessAmin: expected 1e-30 to 1, got 0$/],
  ];
  for (const [name, value, message] of cases) {
    for (const extract of [extractFeatures, api.extractFeatures]) {
      await refuses(() => extract(clip, { sampleRate, [name]: value }), 'parameter', message);
    }
  }
  const short = clip.subarray(0, 100);
  await refuses(
    () => extractFeatures(short, { sampleRate, center: false }),
    'parameter',
    /^nFft: expected at most the clip's 100 samples, unless centred, got 2048$/,
  );
  await refuses(() => entry.yin(clip, { sampleRate, fmin: 1 }), 'parameter', /^fmin: expected above 10\.77/);
  await refuses(
    () => entry.trim(clip, { hopLength: 0 }),
    'parameter',
    /^hopLength: expected at least 1, got 0$/,
  );
  await refuses(() => entry.preemphasis(clip, { coef: NaN }), 'parameter', /^coef: .* got NaN$/);
  const matrix = await entry.rms(clip);
  await refuses(
    () => entry.delta(matrix, { width: 4 }),
    'parameter',
    /^width: expected odd and 3 to .* 44, got 4$/,
  );
  await refuses(
    () => entry.powerToDb(matrix, { amin: 0 }),
    'parameter',
    /^amin: expected .* above 0, got 0$/,
  );
});

test('options of another name or type are refused before anything is computed', async () => {
  /** @type {[() => unknown, RegExp][]} */
  const cases = [
    [
      () => entry.mfcc(clip, /** @type {any} */ ({ sampleRate, n_mfcc: 13 })),
      /among .*nMfcc.* got the option "n_mfcc"/,
    ],
    [() => entry.rms(clip, /** @type {any} */ ({ nMels: 13 })), /among .* got the option "nMels"/],
    [
      () => entry.mfcc(clip, { sampleRate, nFft: 2048.5 }),
      /nFft to be a whole number, got the number 2048\.5/,
    ],
    [
      () => entry.mfcc(clip, { sampleRate, hopLength: -1 }),
      /hopLength to be a whole number, got the number -1/,
    ],
    [
      () => entry.mfcc(clip, /** @type {any} */ ({ sampleRate, fmin: '0' })),
      /fmin to be a number, got the string "0"/,
    ],
    [
      () => entry.mfcc(clip, /** @type {any} */ ({ sampleRate, fmin: null })),
      /fmin to be a number, got null/,
    ],
    [
      () => entry.mfcc(clip, /** @type {any} */ ({ sampleRate, window: 'kaiser' })),
      /window to be "hann", .* "kaiser"/,
    ],
    [
      () => entry.mfcc(clip, /** @type {any} */ ({ sampleRate, padMode: 'wrap' })),
      /padMode to be "constant", .* "wrap"/,
    ],
    [
      () => entry.mfcc(clip, /** @type {any} */ ({ sampleRate, center: 1 })),
      /center to be true or false, got the number 1/,
    ],
    [() => entry.trim(clip, /** @type {any} */ ({ topDb: null })), /topDb to be a number, got null/],
    [
      () => entry.trim(clip, /** @type {any} */ ({ ref: 'min' })),
      /ref to be a number or "max", got the string "min"/,
    ],
    [() => entry.dbToPower(clip, /** @type {any} */ ({ ref: 'max' })), /ref to be a number/],
    [() => entry.mfcc(clip, /** @type {any} */ (16_000)), /options to be an object/],
    [() => entry.mfcc(clip, /** @type {any} */ ({})), /sampleRate to be a whole number of Hz, got undefined/],
    [() => entry.delta(/** @type {any} */ (clip)), /a matrix \{ data: Float32Array, shape/],
    [() => entry.delta({ data: clip, shape: /** @type {any} */ ([1, 2, 3]) }), /two whole numbers/],
    [() => entry.load(/** @type {any} */ ({ wasm: 3 })), /wasm to be a URL/],
  ];
  for (const [call, message] of cases) await refuses(call, 'invalid-argument', message);
  const bad = { data: clip, shape: /** @type {[number, number]} */ ([3, 3]) };
  await refuses(
    () => entry.delta(bad),
    'parameter',
    /^data: expected 3 bands of 3 frames, got 22050 values$/,
  );
});
