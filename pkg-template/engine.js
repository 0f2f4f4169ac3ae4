/**
 * The module at work: recognizers, analyses and streams, each known by a number. It runs where it is imported, in
 * the package's worker or in the caller's thread, and is asked in the same way in both.
 * @module
 */
import { SpeechEmotionError, callModule } from './errors.js';
import { WasmRecognizer, card, decodeWav, extractFeatures, initSync, wavLayout } from './speech_emotion.js';

/** @typedef {import('./speech_emotion.js').WasmClip} WasmClip */
/** @typedef {import('./speech_emotion.js').WasmStream} WasmStream */
/** @typedef {import('./client.js').CallOptions} CallOptions */

/** @type {Map<number, WasmRecognizer>} */
const recognizers = new Map();
/** What takes audio in pieces. @type {Map<number, WasmClip | WasmStream>} */
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

/** Once in each thread; then it is there. @param {WebAssembly.Module} module */
function instantiate(module) {
  try {
    initSync({ module });
  } catch (cause) {
    throw new SpeechEmotionError('load-failed', `expected this package's module, got ${cause}`, { cause });
  }
}

/** What can be asked for, by name. @type {Record<string, (payload: any, options: CallOptions) => unknown>} */
const METHODS = {
  load({ module, weights }) {
    instantiate(module);
    const recognizer = callModule(() => new WasmRecognizer(weights));
    return { recognizer: keep(recognizers, recognizer), card: weights ? null : JSON.parse(card()) };
  },
  dispose({ recognizer }) {
    recognizers.get(recognizer)?.free();
    recognizers.delete(recognizer);
  },
  calibrateTo({ recognizer, baseline }) {
    const found = find(recognizers, recognizer);
    if (!baseline) found.clearCalibration();
    else found.calibrateTo(baseline.level, baseline.speech, Float32Array.from(baseline.scale));
  },
  analyzer: ({ recognizer, sampleRate, channels, length, course }) =>
    keep(jobs, find(recognizers, recognizer).analyzer(sampleRate, channels, length, course)),
  sample: ({ recognizer, sampleRate, channels, length }) =>
    keep(jobs, find(recognizers, recognizer).sample(sampleRate, channels, length)),
  stream: ({ recognizer, sampleRate, smoothing, hysteresis }) =>
    keep(jobs, find(recognizers, recognizer).stream(sampleRate, smoothing, hysteresis)),
  async push({ job, samples: given }) {
    // Nothing is awaited of samples: pieces stay in their order.
    const file = given instanceof Blob && new Uint8Array(await given.arrayBuffer());
    return callModule(() => find(jobs, job).push(file ? decodeWav(file) : given));
  },
  whole({ kind, samples, ...clip }) {
    const { recognizer } = clip;
    const job = METHODS[kind]?.(clip, {});
    try {
      const segments = find(jobs, /** @type {number} */ (job)).push(samples);
      const answer = /** @type {any} */ (METHODS.finish?.({ job, recognizer }, {}));
      return answer.segments ? { ...answer, segments: [...segments, ...answer.segments] } : answer;
    } finally {
      METHODS.release?.({ job }, {});
    }
  },
  flush: ({ job }) => /** @type {WasmStream} */ (find(jobs, job)).flush(),
  finish: ({ job, recognizer }) =>
    /** @type {WasmClip} */ (find(jobs, job)).finish(find(recognizers, recognizer)),
  release({ job }) {
    jobs.get(job)?.free();
    jobs.delete(job);
  },
  features({ module, samples, sampleRate, names, options }) {
    instantiate(module);
    return callModule(() => extractFeatures(samples, sampleRate, names, options));
  },
  wavLayout: ({ head, size }) => wavLayout(head, size),
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
