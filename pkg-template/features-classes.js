import { SpeechEmotionError, invalidArgument } from './errors.js';
import { callModule } from './features-errors.js';
import { load } from './features-module.js';
import { ALL_OPTIONS, featuresOf, optionsOf } from './features-options.js';
import { audioOf } from './input.js';
import { WasmExtractor, WasmFeatureStream } from './speech_emotion_features.js';

/** @typedef {import('./index.js').Samples} Samples */

/** Known to this file alone, so that only load() constructs. */
const TOKEN = Symbol('load');

/**
 * Checks what both classes are made of.
 * @param {unknown} options
 */
function planOf(options) {
  const given = optionsOf(options, ALL_OPTIONS);
  const { sampleRate } = audioOf([], given);
  return { sampleRate, names: featuresOf(given), given };
}

/** Planned extraction of one set of features. */
export class Extractor {
  /** @type {WasmExtractor | undefined} */
  #inner;
  #sampleRate;

  /**
   * @param {symbol} token
   * @param {WasmExtractor} inner
   * @param {number} sampleRate
   */
  constructor(token, inner, sampleRate) {
    if (token !== TOKEN) {
      throw new SpeechEmotionError('invalid-argument', 'expected Extractor.load(), got new Extractor()');
    }
    this.#inner = inner;
    this.#sampleRate = sampleRate;
  }

  /**
   * @param {Record<string, unknown>} options
   * @returns {Promise<Extractor>}
   */
  static async load(options) {
    const { sampleRate, names, given } = planOf(options);
    await load();
    const inner = callModule(() => new WasmExtractor(sampleRate, names, given));
    return new Extractor(TOKEN, inner, sampleRate);
  }

  /** @param {Samples} samples */
  extract(samples) {
    const inner = this.#inner;
    if (!inner) throw disposed('an extractor');
    const audio = audioOf(samples, { sampleRate: this.#sampleRate });
    return callModule(() => inner.extract(audio.samples));
  }

  /** Frees its memory. Calling it again does nothing. */
  dispose() {
    this.#inner?.free();
    this.#inner = undefined;
  }
}

/** Features of a clip that comes in pieces. */
export class FeatureStream {
  /** @type {WasmFeatureStream | undefined} */
  #inner;
  #sampleRate;

  /**
   * @param {symbol} token
   * @param {WasmFeatureStream} inner
   * @param {number} sampleRate
   */
  constructor(token, inner, sampleRate) {
    if (token !== TOKEN) {
      throw new SpeechEmotionError(
        'invalid-argument',
        'expected FeatureStream.load(), got new FeatureStream()',
      );
    }
    this.#inner = inner;
    this.#sampleRate = sampleRate;
  }

  /**
   * @param {Record<string, unknown>} options
   * @returns {Promise<FeatureStream>}
   */
  static async load(options) {
    const { sampleRate, names, given } = planOf(options);
    await load();
    const inner = callModule(() => new WasmFeatureStream(sampleRate, names, given));
    return new FeatureStream(TOKEN, inner, sampleRate);
  }

  /** @param {Float32Array | readonly Float32Array[]} samples */
  push(samples) {
    const inner = this.#inner;
    if (!inner) throw disposed('a stream');
    const audio = audioOf(samples, { sampleRate: this.#sampleRate });
    if (!Array.isArray(audio.samples)) {
      throw invalidArgument('a piece to be a Float32Array or an array of Float32Array channels', samples);
    }
    const channels = audio.samples;
    return callModule(() => inner.push(channels));
  }

  /** Ends the clip and frees the stream. */
  finish() {
    const inner = this.#inner;
    if (!inner) throw disposed('a stream');
    try {
      return callModule(() => inner.finish());
    } finally {
      this.dispose();
    }
  }

  /** Frees its memory. Calling it again does nothing. */
  dispose() {
    this.#inner?.free();
    this.#inner = undefined;
  }
}

// For `using`, where the environment has it.
if (typeof Symbol.dispose === 'symbol') {
  for (const { prototype } of [Extractor, FeatureStream]) {
    const value = prototype.dispose;
    Object.defineProperty(prototype, Symbol.dispose, { value, writable: true, configurable: true });
  }
}

/** @param {string} what */
function disposed(what) {
  return new SpeechEmotionError('disposed', `expected ${what} in use, got one after dispose() or finish()`);
}
