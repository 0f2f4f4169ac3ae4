import { SpeechEmotionError, callModule, invalidArgument } from './errors.js';
import { ALL_OPTIONS, optionsOf } from './features-options.js';
import { audioOf, bytesOf, featuresOf } from './input.js';
import { load } from './module.js';
import { WasmRecognizer, extractFeatures as extract } from './speech_emotion.js';

/** @typedef {import('./index.js').Samples} Samples */
/** @typedef {import('./index.js').Prediction} Prediction */

/** Known to this file alone, so that only load() constructs. */
const TOKEN = Symbol('load');

/** The network with its weights, ready to analyse clips. */
export class Recognizer {
  /** @type {WasmRecognizer | undefined} */
  #inner;

  /**
   * @param {symbol} token
   * @param {WasmRecognizer} inner
   */
  constructor(token, inner) {
    if (token !== TOKEN) {
      throw new SpeechEmotionError('invalid-argument', 'expected Recognizer.load(), got new Recognizer()');
    }
    this.#inner = inner;
  }

  /**
   * Loads the module, if no call did before, and the network's weights: those that are part of it, or others.
   * @param {import('./index.js').LoadOptions} [options]
   * @returns {Promise<Recognizer>}
   */
  static async load(options = {}) {
    if (typeof options !== 'object' || options === null) {
      throw invalidArgument('options to be an object such as { wasm: url }', options);
    }
    const weights = bytesOf(options.weights);
    await load(options.wasm);
    return new Recognizer(
      TOKEN,
      callModule(() => (weights ? WasmRecognizer.withWeights(weights) : new WasmRecognizer())),
    );
  }

  /**
   * Recognises the emotion of one clip.
   * @param {Samples} samples
   * @param {import('./index.js').AudioOptions} [options]
   * @returns {Promise<Prediction>}
   */
  async analyze(samples, options) {
    const inner = this.#inner;
    if (!inner)
      throw new SpeechEmotionError('disposed', 'expected a recognizer in use, got one after dispose()');
    const audio = audioOf(samples, options);
    return callModule(() => inner.analyze(audio.samples, audio.sampleRate));
  }

  /** Frees the network's memory. Calling it again does nothing. */
  dispose() {
    this.#inner?.free();
    this.#inner = undefined;
  }
}

// For `using`, where the environment has it.
if (typeof Symbol.dispose === 'symbol') {
  Object.defineProperty(Recognizer.prototype, Symbol.dispose, {
    value: Recognizer.prototype.dispose,
    writable: true,
    configurable: true,
  });
}

/**
 * Computes frame features of one clip, averaged to mono, at the clip's own sample rate.
 * @param {Samples} samples
 * @param {import('./index.js').FeatureOptions} [options]
 * @returns {Promise<import('./index.js').Features>}
 */
export async function extractFeatures(samples, options) {
  const audio = audioOf(samples, options);
  const names = featuresOf(options);
  const given = optionsOf(options, ALL_OPTIONS);
  await load();
  return callModule(() => extract(audio.samples, audio.sampleRate, names, given));
}
