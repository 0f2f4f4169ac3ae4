/**
 * What callers pass, checked before it reaches the module: its glue would take anything.
 * @module
 */
import { SpeechEmotionError, invalidArgument } from './errors.js';

/** @typedef {import('./index.js').AudioBufferLike} AudioBufferLike */

/**
 * @typedef {object} Audio
 * @property {Float32Array[]} samples of each channel, not copied
 * @property {number} sampleRate
 */

/**
 * The most samples that are copied at a time, of all channels together: more would hold up the thread. At 8 kHz they are
 * 4 s, at 48 kHz 0.7 s, and progress and abort come as often.
 */
export const PIECE_SAMPLES = 2 ** 15;

const KINDS = 'a Float32Array, an AudioBuffer or an array of Float32Array channels';
const SOURCES = `${KINDS}, or a Blob or an ArrayBuffer of an encoded file`;

/**
 * Whether this is the bytes of a file, still to be decoded.
 * @param {unknown} value
 * @returns {value is Blob | ArrayBuffer}
 */
export function isEncoded(value) {
  return value instanceof ArrayBuffer || (typeof Blob === 'function' && value instanceof Blob);
}

/**
 * Options as an object; none is an empty one.
 * @param {unknown} options
 * @param {string} example
 * @returns {Record<string, unknown>}
 */
export function optionsOf(options, example) {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument(`options to be an object such as ${example}`, options);
  }
  return /** @type {Record<string, unknown>} */ (options);
}

/**
 * Checks a function among options.
 * @param {Record<string, unknown>} options
 * @param {string} name
 * @returns {((...values: any[]) => void) | undefined}
 */
export function callbackOf(options, name) {
  const value = options[name];
  if (value === undefined || typeof value === 'function') {
    return /** @type {((...values: any[]) => void) | undefined} */ (value);
  }
  throw invalidArgument(`options.${name} to be a function`, value);
}

/**
 * Checks the signal among options.
 * @param {Record<string, unknown>} options
 * @returns {AbortSignal | undefined}
 */
export function signalOf({ signal }) {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw invalidArgument('options.signal to be an AbortSignal', signal);
}

/**
 * Checks samples and rate, and gives one channel the form of several.
 * @param {unknown} samples
 * @param {unknown} options
 * @returns {Audio}
 */
export function audioOf(samples, options) {
  const { sampleRate: rate } = optionsOf(options, '{ sampleRate: 16000 }');
  if (isAudioBuffer(samples)) {
    if (rate !== undefined && rate !== samples.sampleRate) {
      throw invalidArgument(
        `options.sampleRate to be left out or the AudioBuffer's ${samples.sampleRate}`,
        rate,
      );
    }
    const { numberOfChannels: length } = samples;
    const channels = Array.from({ length }, (_, index) => samples.getChannelData(index));
    return { samples: channels, sampleRate: Math.round(samples.sampleRate) };
  }
  const channels = samples instanceof Float32Array ? [samples] : samples;
  if (!Array.isArray(channels)) throw invalidArgument(`samples to be ${SOURCES}`, samples);
  for (const [index, channel] of channels.entries()) {
    if (!(channel instanceof Float32Array)) {
      throw invalidArgument(`channel ${index} of samples to be a Float32Array`, channel);
    }
  }
  return { samples: channels, sampleRate: checkedRate(rate) };
}

/**
 * A clip that is copied piece by piece, since all at once would hold up the thread.
 * @typedef {object} Clip
 * @property {number} count channels
 * @property {number} length samples in each
 * @property {number} sampleRate Hz
 * @property {(start: number, end: number) => Float32Array<ArrayBuffer>[] | Blob} copy a part of every channel, or a
 * wav file of it
 */

/**
 * Checks samples, rate, and for interleaved samples the number of channels.
 * @param {unknown} samples
 * @param {unknown} options
 * @returns {Clip}
 */
export function clipOf(samples, options) {
  const { channels: count } = optionsOf(options, '{ sampleRate: 16000 }');
  const audio = audioOf(samples, options);
  if (count === undefined) return clipOfChannels(audio.samples, audio.sampleRate);
  if (!(samples instanceof Float32Array)) {
    throw invalidArgument('options.channels for one Float32Array alone', samples);
  }
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 32) {
    throw invalidArgument('options.channels to be a whole number from 1 to 32', count);
  }
  if (samples.length % count !== 0) {
    throw invalidArgument(`a multiple of ${count} interleaved samples`, samples.length);
  }
  /** @param {number} start @param {number} end */
  const copy = (start, end) =>
    Array.from({ length: count }, (_, channel) => {
      const part = new Float32Array(Math.max(0, end - start));
      for (let n = 0; n < part.length; n += 1) part[n] = samples[(start + n) * count + channel] ?? 0;
      return part;
    });
  return { count, length: samples.length / count, sampleRate: audio.sampleRate, copy };
}

/**
 * @param {Float32Array[]} channels
 * @param {number} sampleRate
 * @returns {Clip}
 */
export function clipOfChannels(channels, sampleRate) {
  const expected = channels[0]?.length ?? 0;
  for (const [index, { length }] of channels.entries()) {
    if (length !== expected) {
      const text = `expected ${expected} samples in every channel, got ${length} in channel ${index}`;
      throw new SpeechEmotionError('channel-length', text);
    }
  }
  return {
    count: channels.length,
    length: expected,
    sampleRate,
    copy: (start, end) => channels.map((channel) => new Float32Array(channel.subarray(start, end))),
  };
}

/**
 * @param {unknown} rate
 * @returns {number}
 */
function checkedRate(rate) {
  // Beyond 32 bits the module would see another number than the caller's.
  if (typeof rate !== 'number' || !Number.isInteger(rate) || rate < 0 || rate > 0xffff_ffff) {
    throw invalidArgument('options.sampleRate to be a whole number of Hz', rate);
  }
  return rate;
}

/**
 * By what it can do and not by its class: there is none in Node and in workers, and other frames have
 * their own.
 * @param {unknown} value
 * @returns {value is AudioBufferLike}
 */
function isAudioBuffer(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    'getChannelData' in value &&
    typeof value.getChannelData === 'function' &&
    'numberOfChannels' in value &&
    'sampleRate' in value &&
    typeof value.sampleRate === 'number'
  );
}
