/**
 * The module at work: recognizers, analyses and streams, each known by a number. It runs where it is imported, in
 * the package's worker or in the caller's thread, and is asked in the same way in both.
 * @module
 */
import { SpeechEmotionError, callModule } from './errors.js';
import { load } from './module.js';
import { WasmRecognizer, card, decodeWav, extractFeatures } from './speech_emotion.js';

/** @typedef {import('./speech_emotion.js').WasmAnalyzer} WasmAnalyzer */
/** @typedef {import('./speech_emotion.js').WasmStream} WasmStream */
/** @typedef {import('./client.js').CallOptions} CallOptions */

/** @type {Map<number, WasmRecognizer>} */
const recognizers = new Map();
/** @type {Map<number, WasmAnalyzer | WasmStream>} */
const jobs = new Map();
let last = 0;

/**
 * @template T
 * @param {Map<number, T>} map
 * @param {T} value
 */
function keep(map, value) {
  last += 1;
  map.set(last, value);
  return last;
}

/**
 * @template T
 * @param {Map<number, T>} map
 * @param {number} id
 * @returns {T}
 */
function find(map, id) {
  const value = map.get(id);
  if (value) return value;
  throw new SpeechEmotionError('disposed', 'expected a recognizer in use, got one after dispose()');
}

/** What can be asked for, by name. @type {Record<string, (payload: any, options: CallOptions) => unknown>} */
const METHODS = {
  async load({ wasm, weights }, { signal, onProgress }) {
    await load(wasm, { signal, onProgress });
    signal?.throwIfAborted();
    const recognizer = callModule(() =>
      weights ? WasmRecognizer.withWeights(weights) : new WasmRecognizer(),
    );
    return { recognizer: keep(recognizers, recognizer), card: weights ? null : JSON.parse(card()) };
  },
  dispose({ recognizer }) {
    recognizers.get(recognizer)?.free();
    recognizers.delete(recognizer);
  },
  predict: ({ recognizer, samples, sampleRate }) =>
    find(recognizers, recognizer).analyze(samples, sampleRate),
  calibrate: ({ recognizer, samples, sampleRate }) =>
    find(recognizers, recognizer).calibrate(samples, sampleRate),
  clearCalibration: ({ recognizer }) => find(recognizers, recognizer).clearCalibration(),
  analyzer: ({ recognizer, sampleRate, channels, length }) =>
    keep(jobs, find(recognizers, recognizer).analyzer(sampleRate, channels, length)),
  stream: ({ recognizer, sampleRate, smoothing, hysteresis }) =>
    keep(jobs, find(recognizers, recognizer).stream(sampleRate, smoothing, hysteresis)),
  push: ({ job, samples }) => find(jobs, job).push(samples),
  flush: ({ job }) => /** @type {WasmStream} */ (find(jobs, job)).flush(),
  finish: ({ job, recognizer }) =>
    /** @type {WasmAnalyzer} */ (find(jobs, job)).finish(find(recognizers, recognizer)),
  release({ job }) {
    jobs.get(job)?.free();
    jobs.delete(job);
  },
  async features({ samples, sampleRate, names, options }) {
    await load();
    return callModule(() => extractFeatures(samples, sampleRate, names, options));
  },
  async decodeWav({ bytes, wasm }) {
    await load(wasm);
    return callModule(() => decodeWav(bytes));
  },
};

/**
 * @param {string} method
 * @param {object} payload
 * @param {CallOptions} [options]
 * @returns {Promise<any>}
 */
export async function call(method, payload, options = {}) {
  return callModule(() => METHODS[method]?.(payload, options));
}
