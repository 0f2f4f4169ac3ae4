/**
 * The features as functions. Each loads the module first, if nothing did before.
 * @module
 */
import { invalidArgument } from './errors.js';
import { callModule } from './features-errors.js';
import { load as loadModule } from './features-module.js';
import { ALL_OPTIONS, CUT, OPTIONS, featuresOf, optionsOf } from './features-options.js';
import { audioOf } from './input.js';
import * as bindings from './speech_emotion_features.js';

/** @typedef {import('./index.js').FeatureMatrix} FeatureMatrix */
/** @typedef {import('./index.js').FeatureName} FeatureName */
/** @typedef {import('./index.js').Samples} Samples */

/** Hz, for what does not depend on the rate. */
const ANY_RATE = 192_000;

/**
 * Loads the module, if no call did before.
 * @param {import('./features.js').LoadOptions} [options]
 */
export async function load(options = {}) {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('options to be an object such as { wasm: url }', options);
  }
  await loadModule(options.wasm);
}

/**
 * Computes features of one clip in one pass.
 * @param {Samples} samples
 * @param {Record<string, unknown>} [options]
 */
export async function extractFeatures(samples, options) {
  const audio = audioOf(samples, options);
  const names = featuresOf(options);
  const given = optionsOf(options, ALL_OPTIONS);
  await loadModule();
  return extract(audio, names, given);
}

/**
 * @param {import('./input.js').Audio} audio
 * @param {FeatureName[]} names
 * @param {Record<string, unknown>} options
 */
function extract({ samples, sampleRate }, names, options) {
  const extractor = callModule(() => new bindings.WasmExtractor(sampleRate, names, options));
  try {
    return callModule(() => extractor.extract(samples));
  } finally {
    extractor.free();
  }
}

/**
 * One feature as a function.
 * @param {FeatureName} name
 * @param {boolean} [needsRate] whether it depends on the sample rate
 */
function single(name, needsRate = true) {
  return async (/** @type {Samples} */ samples, /** @type {Record<string, unknown>} */ options) => {
    const given = optionsOf(options, OPTIONS[name]);
    const audio = needsRate ? audioOf(samples, options) : rateless(samples, options);
    await loadModule();
    return extract(audio, [name], given)[name];
  };
}

export const melspectrogram = single('melspectrogram');
export const logMel = single('log_mel');
export const mfcc = single('mfcc');
export const chromaStft = single('chroma_stft');
export const rms = single('rms', false);
export const zeroCrossingRate = single('zero_crossing_rate', false);
export const spectralCentroid = single('spectral_centroid');
export const spectralBandwidth = single('spectral_bandwidth');
export const spectralContrast = single('spectral_contrast');
export const spectralRolloff = single('spectral_rolloff');
export const spectralFlatness = single('spectral_flatness', false);
export const polyFeatures = single('poly_features');
export const tonnetz = single('tonnetz');

/**
 * @param {Samples} samples
 * @param {Record<string, unknown>} [options]
 */
export async function stft(samples, options) {
  const { output = 'complex', ...given } = optionsOf(options, [...CUT, 'output']);
  const audio = rateless(samples, options);
  await loadModule();
  return callModule(() => bindings.stft(audio.samples, audio.sampleRate, String(output), given));
}

/**
 * @param {Samples} samples
 * @param {Record<string, unknown>} [options]
 */
export async function yin(samples, options) {
  const names = ['sampleRate', 'fmin', 'fmax', 'frameLength', 'hopLength', 'troughThreshold'];
  const given = optionsOf(options, [...names, 'center', 'padMode']);
  const audio = audioOf(samples, options);
  await loadModule();
  const pitch = callModule(() => bindings.yin(audio.samples, audio.sampleRate, given));
  return { ...pitch, shape: [pitch.f0.length] };
}

const SILENCE = ['sampleRate', 'topDb', 'ref', 'frameLength', 'hopLength'];

/**
 * @param {Samples} samples
 * @param {Record<string, unknown>} [options]
 */
export async function trim(samples, options) {
  const given = withoutNull(optionsOf(options, SILENCE), 'topDb');
  const audio = rateless(samples, options);
  await loadModule();
  return callModule(() => bindings.trim(audio.samples, audio.sampleRate, given));
}

/**
 * @param {Samples} samples
 * @param {Record<string, unknown>} [options]
 */
export async function split(samples, options) {
  const given = withoutNull(optionsOf(options, SILENCE), 'topDb');
  const audio = rateless(samples, options);
  await loadModule();
  return callModule(() => bindings.split(audio.samples, audio.sampleRate, given));
}

/**
 * @param {Samples} samples
 * @param {Record<string, unknown>} [options]
 */
export async function preemphasis(samples, options) {
  const given = optionsOf(options, ['sampleRate', 'coef', 'zi']);
  const audio = rateless(samples, options);
  await loadModule();
  const data = callModule(() => bindings.preemphasis(audio.samples, audio.sampleRate, given));
  return { data, shape: [data.length] };
}

/**
 * @param {FeatureMatrix} matrix
 * @param {Record<string, unknown>} [options]
 */
export async function delta(matrix, options) {
  const given = optionsOf(options, ['width', 'order', 'mode']);
  const { data, shape } = matrixOf(matrix);
  await loadModule();
  return callModule(() => bindings.delta(data, shape[0], shape[1], given));
}

/**
 * @param {FeatureMatrix | Float32Array} power
 * @param {Record<string, unknown>} [options]
 */
export async function powerToDb(power, options) {
  const given = optionsOf(options, ['ref', 'amin', 'topDb']);
  return converted(power, (values) => bindings.powerToDb(values, given));
}

/**
 * @param {FeatureMatrix | Float32Array} decibels
 * @param {Record<string, unknown>} [options]
 */
export async function dbToPower(decibels, options) {
  const given = optionsOf(options, ['ref']);
  if (given.ref === 'max') throw invalidArgument('options.ref to be a number', given.ref);
  return converted(decibels, (values) => bindings.dbToPower(values, given));
}

/**
 * The values in the form that they came in.
 * @param {unknown} values
 * @param {(values: Float32Array) => Float32Array} convert
 */
async function converted(values, convert) {
  if (values instanceof Float32Array) {
    await loadModule();
    return callModule(() => convert(values));
  }
  const { data, shape } = matrixOf(values);
  await loadModule();
  return { data: callModule(() => convert(data)), shape };
}

/**
 * @param {unknown} value
 * @returns {FeatureMatrix}
 */
function matrixOf(value) {
  const expected = 'a matrix { data: Float32Array, shape: [bands, frames] }';
  if (typeof value !== 'object' || value === null || !('data' in value && 'shape' in value)) {
    throw invalidArgument(expected, value);
  }
  const { data, shape } = value;
  if (!(data instanceof Float32Array)) throw invalidArgument(`${expected}, its data a Float32Array`, data);
  const isSize = (/** @type {unknown} */ size) =>
    Number.isInteger(size) && Number(size) >= 0 && Number(size) <= 0xffff_ffff;
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isSize)) {
    throw invalidArgument(`${expected}, its shape two whole numbers`, JSON.stringify(shape));
  }
  return { data, shape: [shape[0], shape[1]] };
}

/**
 * Samples of which the rate may be left out.
 * @param {unknown} samples
 * @param {unknown} options
 */
function rateless(samples, options) {
  const isObject = typeof options === 'object' && options !== null;
  const hasRate = isObject && 'sampleRate' in options && options.sampleRate !== undefined;
  const isBuffer = typeof samples === 'object' && samples !== null && 'getChannelData' in samples;
  return audioOf(samples, hasRate || isBuffer ? options : { sampleRate: ANY_RATE });
}

/**
 * Refuses null where only a number will do.
 * @param {Record<string, unknown>} options
 * @param {string} name
 */
function withoutNull(options, name) {
  if (options[name] === null) throw invalidArgument(`options.${name} to be a number`, null);
  return options;
}
