import { localClient, pause, workerClient } from './client.js';
import { clipOfFile } from './decode.js';
import { SpeechEmotionError, invalidArgument } from './errors.js';
import { PIECE_SAMPLES, audioOf, callbackOf, clipOf, isEncoded, optionsOf, signalOf } from './input.js';
import { listen } from './listen.js';
import { weightsOf } from './weights.js';

/** @typedef {import('./index.js').Samples} Samples */
/** @typedef {import('./index.js').AudioSource} AudioSource */
/** @typedef {import('./client.js').Client} Client */

/** Known to this file alone, so that only load() constructs. */
const TOKEN = Symbol('load');

/** How long a clip may hold this thread before what waits there runs, where there is no worker. */
const BUSY_MS = 8;

/** Samples that go to a worker in one message, all channels together: 5 s at 48 kHz, copied in a tenth of a millisecond. */
const WHOLE_SAMPLES = 2 ** 18;

/**
 * @typedef {object} Loaded
 * @property {Client} client
 * @property {number} recognizer its number in the engine
 * @property {import('./index.js').ModelCard | null} card
 * @property {import('./index.js').Assets} assets
 */

/** The network with its weights, ready to hear clips and streams. */
export class Recognizer {
  /** @type {Loaded | undefined} */
  #loaded;
  #card;
  /** Sessions that listen. @type {Set<{ stop(): Promise<void> }>} */
  #sessions = new Set();

  /**
   * @param {symbol} token
   * @param {Loaded} loaded
   */
  constructor(token, loaded) {
    if (token !== TOKEN) {
      throw new SpeechEmotionError('invalid-argument', 'expected Recognizer.load(), got new Recognizer()');
    }
    this.#loaded = loaded;
    this.#card = loaded.card;
  }

  /**
   * Loads the module, if no call did before, and the network's weights: those that are part of it, or others.
   * @param {import('./index.js').LoadOptions} [options]
   * @returns {Promise<Recognizer>}
   */
  static async load(options) {
    const given = optionsOf(options, '{ assets: { wasm: url } }');
    const signal = signalOf(given);
    const onProgress = callbackOf(given, 'onProgress');
    const assets = /** @type {import('./index.js').Assets} */ (optionsOf(given.assets, '{ wasm: url }'));
    const { worker = typeof document === 'object' && typeof Worker === 'function' } = given;
    if (typeof worker !== 'boolean') throw invalidArgument('options.worker to be true or false', worker);
    signal?.throwIfAborted();
    const { bytes: weights, card } = await weightsOf(given.weights, signal);
    const client = worker ? workerClient(assets.worker) : await localClient();
    try {
      const module = await client.compile(assets.wasm, { signal, onProgress });
      const loaded = await client.call('load', { module, weights }, { signal });
      return new Recognizer(TOKEN, { client, assets, ...loaded, card: card ?? loaded.card });
    } catch (error) {
      client.release(error);
      throw error;
    }
  }

  /** What the shipped weights are, how well they do, and what they are for; null with weights of one's own. */
  get card() {
    return this.#card;
  }

  /**
   * Recognises the emotion of one clip, overall and over time.
   * @param {AudioSource} audio
   * @param {import('./index.js').AnalyzeOptions} [options]
   * @returns {Promise<import('./index.js').Analysis>}
   */
  async analyze(audio, options) {
    this.#use();
    const given = optionsOf(options, '{ sampleRate: 16000 }');
    const heard = { signal: signalOf(given), onProgress: callbackOf(given, 'onProgress') };
    const course = given.segments !== false;
    const { segments, ...overall } = await this.#send('analyzer', audio, options, { course }, heard);
    return course ? { ...overall, segments } : overall;
  }

  /**
   * Listens to the microphone, or to any stream, until the session is stopped.
   * @param {import('./index.js').ListenOptions} [options]
   * @returns {Promise<import('./index.js').ListenSession>}
   */
  async listen(options) {
    const { client, recognizer, assets } = this.#use();
    const given = optionsOf(options, '{ onPrediction: console.log }');
    const session = await listen({ client, recognizer, worklet: assets.captureWorklet }, given, () =>
      this.#sessions.delete(session),
    );
    if (this.#loaded) {
      if (session.state !== 'stopped') this.#sessions.add(session);
      return session;
    }
    await session.stop();
    this.#use();
    return session;
  }

  /**
   * Takes the speaker's own neutral voice as what later analyses and sessions are heard against, or the baseline that
   * an earlier call gave; null forgets it.
   * @param {AudioSource | import('./index.js').Baseline | null} audio
   * @param {import('./index.js').AudioOptions} [options]
   * @returns {Promise<import('./index.js').Baseline | null>}
   */
  async calibrate(audio, options) {
    const { client, recognizer } = this.#use();
    // By its level: arrays of channels have none. The module checks the numbers.
    if (audio === null || (typeof audio === 'object' && 'level' in audio)) {
      await client.call('calibrateTo', { recognizer, baseline: audio });
      return audio;
    }
    return this.#send('sample', audio, options);
  }

  /** Ends what listens and frees the network's memory; the worker ends with the last recognizer. */
  dispose() {
    const loaded = this.#loaded;
    if (!loaded) return;
    this.#loaded = undefined;
    const { client, recognizer } = loaded;
    const ended = Promise.allSettled([...this.#sessions].map((session) => session.stop()));
    const free = () => client.call('dispose', { recognizer }).catch(() => {});
    // Without sessions at once: the caller may look at the memory.
    const freed = this.#sessions.size === 0 ? free() : ended.then(free);
    freed.then(() => client.release());
  }

  /** @returns {Loaded} */
  #use() {
    if (this.#loaded) return this.#loaded;
    throw new SpeechEmotionError('disposed', 'expected a recognizer in use, got one after dispose()');
  }

  /**
   * Sends a clip to a job of the engine, piece by piece.
   * @param {'analyzer' | 'sample'} kind
   * @param {unknown} audio
   * @param {unknown} options
   * @param {object} [settings] of the job
   * @param {Pick<import('./client.js').CallOptions, 'signal'> & { onProgress?: ((share: number) => void) | undefined }} [heard]
   * @returns {Promise<any>} its answer, with the segments of every piece
   */
  async #send(kind, audio, options, settings, { signal, onProgress } = {}) {
    const { client, recognizer } = this.#use();
    const clip = isEncoded(audio) ? await clipOfFile(audio, client) : clipOf(audio, options);
    const { count: channels, length, sampleRate, copy } = clip;
    signal?.throwIfAborted();
    const heardAs = { recognizer, sampleRate, channels, length, ...settings };
    const whole = !client.isLocal && channels * length <= WHOLE_SAMPLES && copy(0, length);
    if (Array.isArray(whole)) {
      const transfer = whole.map(({ buffer }) => buffer);
      const answer = await client.call('whole', { kind, samples: whole, ...heardAs }, { signal, transfer });
      onProgress?.(1);
      return answer;
    }
    const job = await client.call(kind, heardAs);
    try {
      const step = Math.max(1, Math.floor(PIECE_SAMPLES / channels));
      const segments = [];
      let rested = performance.now();
      for (let start = 0; start < length; start += step) {
        signal?.throwIfAborted();
        const end = Math.min(start + step, length);
        const samples = copy(start, end);
        const transfer = samples instanceof Blob ? [] : samples.map(({ buffer }) => buffer);
        segments.push(...((await client.call('push', { job, samples }, { transfer })) ?? []));
        onProgress?.(end / length);
        // In this thread nothing else would run until the clip's end; but a pause costs a millisecond, as much as a piece.
        if (client.isLocal && end < length && performance.now() - rested > BUSY_MS) {
          await pause();
          rested = performance.now();
        }
      }
      signal?.throwIfAborted();
      const answer = await client.call('finish', { job, recognizer });
      return { ...answer, ...(answer.segments && { segments: segments.concat(answer.segments) }) };
    } finally {
      client.call('release', { job }).catch(() => {});
    }
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
  // On demand: who only recognises emotions need not load it.
  const { extract } = await import('./extract.js');
  return extract(await localClient(), audio, options);
}
