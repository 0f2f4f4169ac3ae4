/**
 * The options of features: which there are and of which type. Their bounds are the module's to check.
 * @module
 */
import { SpeechEmotionError, invalidArgument } from './errors.js';
import { FEATURES } from './names.js';

/** @typedef {import('./index.js').FeatureName} FeatureName */

/**
 * @typedef {object} Kind
 * @property {string} text the type, for people
 * @property {(value: unknown) => boolean} accepts
 */

/** @type {Kind} */
const number = { text: 'a number', accepts: (value) => typeof value === 'number' };
/** @type {Kind} */
const whole = {
  text: 'a whole number',
  // Beyond 32 bits the module would see another number than the caller's.
  accepts: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffff_ffff,
};
/** @type {Kind} */
const boolean = { text: 'true or false', accepts: (value) => typeof value === 'boolean' };

/** @param {Kind} kind @returns {Kind} */
const orNull = ({ text, accepts }) => ({
  text: `${text} or null`,
  accepts: (value) => value === null || accepts(value),
});

/** @param {...(string | null)} names @returns {Kind} */
const oneOf = (...names) => ({
  text: names.map((name) => (name === null ? 'null' : `"${name}"`)).join(', '),
  accepts: (value) => names.some((name) => name === value),
});

/** @type {Kind} */
const anything = { text: 'anything', accepts: () => true };

/** @type {Record<string, Kind>} */
const KINDS = {
  // Checked where they are used.
  sampleRate: anything,
  features: anything,
  nFft: whole,
  hopLength: whole,
  winLength: orNull(whole),
  window: oneOf('hann', 'hamming', 'blackman', 'boxcar'),
  center: boolean,
  padMode: oneOf('constant', 'edge', 'linear_ramp', 'reflect', 'symmetric'),
  power: number,
  nMels: whole,
  fmin: number,
  fmax: orNull(number),
  htk: boolean,
  melNorm: oneOf('slaney', 'max', 'sum', 'length', null),
  nMfcc: whole,
  dctType: whole,
  dctNorm: oneOf('ortho', null),
  lifter: number,
  topDb: orNull(number),
  tuning: orNull(number),
  nChroma: whole,
  ctroct: number,
  octwidth: orNull(number),
  baseC: boolean,
  chromaNorm: oneOf('max', 'sum', 'length', null),
  threshold: number,
  zeroPos: boolean,
  p: number,
  bandwidthNorm: boolean,
  rollPercent: number,
  nBands: whole,
  contrastFmin: number,
  quantile: number,
  linear: boolean,
  flatnessAmin: number,
  flatnessPower: number,
  output: oneOf('complex', 'magnitude', 'power'),
  frameLength: whole,
  troughThreshold: number,
  ref: { text: 'a number or "max"', accepts: (value) => value === 'max' || typeof value === 'number' },
  coef: number,
  zi: orNull(number),
  width: whole,
  order: whole,
  mode: oneOf('interp', 'nearest', 'mirror', 'constant', 'wrap'),
  amin: number,
};

/** How a clip is cut into frames, and their window. */
export const CUT = ['sampleRate', 'nFft', 'hopLength', 'winLength', 'window', 'center', 'padMode'];
const CHROMA = [...CUT, 'tuning', 'nChroma', 'ctroct', 'octwidth', 'baseC'];
const MEL = [...CUT, 'power', 'nMels', 'fmin', 'fmax', 'htk', 'melNorm'];

/** The options of each feature of frames. @type {Record<import('./index.js').FeatureName, string[]>} */
export const OPTIONS = {
  melspectrogram: MEL,
  log_mel: [...MEL, 'topDb'],
  mfcc: [...MEL, 'topDb', 'nMfcc', 'dctType', 'dctNorm', 'lifter'],
  chroma_stft: [...CHROMA, 'chromaNorm'],
  rms: ['sampleRate', 'nFft', 'hopLength', 'center', 'padMode'],
  zero_crossing_rate: ['sampleRate', 'nFft', 'hopLength', 'center', 'threshold', 'zeroPos'],
  spectral_centroid: CUT,
  spectral_bandwidth: [...CUT, 'p', 'bandwidthNorm'],
  spectral_contrast: [...CUT, 'nBands', 'contrastFmin', 'quantile', 'linear'],
  spectral_rolloff: [...CUT, 'rollPercent'],
  spectral_flatness: [...CUT, 'flatnessAmin', 'flatnessPower'],
  poly_features: CUT,
  tonnetz: CHROMA,
};

/** The options of several features at once. */
export const ALL_OPTIONS = [...new Set(['features', ...Object.values(OPTIONS).flat()])];

/**
 * Checks the names and the types of options.
 * @param {unknown} options
 * @param {readonly string[]} names those there are
 * @returns {Record<string, unknown>}
 */
export function optionsOf(options, names) {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument(`options to be an object with ${names.join(', ')}`, options);
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = names.includes(name) ? KINDS[name] : undefined;
    if (!kind) {
      const expected = `expected options among ${names.join(', ')}`;
      throw new SpeechEmotionError('invalid-argument', `${expected}, got the option ${JSON.stringify(name)}`);
    }
    if (value !== undefined && !kind.accepts(value)) {
      throw invalidArgument(`options.${name} to be ${kind.text}`, value);
    }
  }
  return { ...options };
}

/**
 * The options of any feature of frames.
 * @param {unknown} options
 */
export function everyOptionOf(options) {
  return optionsOf(options, ALL_OPTIONS);
}

/**
 * Checks the list of features; without one it is every feature.
 * @param {unknown} options
 * @returns {FeatureName[]}
 */
export function featuresOf(options) {
  const isObject = typeof options === 'object' && options !== null;
  const features = isObject && 'features' in options ? options.features : undefined;
  if (features === undefined) return [...FEATURES];
  if (!Array.isArray(features) || features.length === 0) {
    throw invalidArgument(
      `options.features to be a list of at least one of ${FEATURES.join(', ')}`,
      features,
    );
  }
  for (const name of features) {
    if (typeof name !== 'string') throw invalidArgument('options.features to hold names', name);
  }
  return features;
}
