/**
 * A microphone, or any stream, from permission to release.
 * @module
 */
import { SpeechEmotionError, invalidArgument } from './errors.js';
import { callbackOf, signalOf } from './input.js';

/** @typedef {import('./index.js').ListenSession} ListenSession */
/** @typedef {import('./index.js').ErrorCode} ErrorCode */
/** @typedef {{ client: import('./client.js').Client, recognizer: number, worklet?: string | URL | undefined }} Engine */

/** Echo cancellation, noise suppression and gain control flatten loudness and pitch, which carry the emotion. */
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** How long the audio thread may take to hand over its last batch, ms. */
const LAST_BATCH_MS = 1000;

/** What the browser calls it, and what this package does. @type {Record<string, ErrorCode>} */
const REFUSALS = {
  NotAllowedError: 'microphone-denied',
  SecurityError: 'microphone-denied',
  NotFoundError: 'microphone-missing',
  OverconstrainedError: 'microphone-missing',
};

/** Contexts that know the worklet already. @type {WeakMap<AudioContext, Promise<void>>} */
const prepared = new WeakMap();

/**
 * @param {Engine} engine
 * @param {Record<string, unknown>} options
 * @param {() => void} onStopped
 * @returns {Promise<ListenSession>}
 */
export async function listen(engine, options, onStopped) {
  const signal = signalOf(options);
  const { deviceId, stream: given, audioContext, smoothing = 1, hysteresis = 0.1 } = options;
  const names = ['onLevel', 'onSpeechStart', 'onSpeechEnd', 'onPrediction', 'onDeviceLost', 'onError'];
  const callbacks = Object.fromEntries(names.map((name) => [name, callbackOf(options, name)]));
  if (deviceId !== undefined && typeof deviceId !== 'string') {
    throw invalidArgument('options.deviceId to be a string', deviceId);
  }
  if (typeof AudioContext !== 'function' || typeof AudioWorkletNode !== 'function') {
    throw new SpeechEmotionError('no-audio', 'expected a page with an AudioContext, got none');
  }
  if (given !== undefined && !(given instanceof MediaStream)) {
    throw invalidArgument('options.stream to be a MediaStream', given);
  }
  if (audioContext !== undefined && !(audioContext instanceof AudioContext)) {
    throw invalidArgument('options.audioContext to be an AudioContext', audioContext);
  }
  if (!globalThis.isSecureContext || (!given && !navigator.mediaDevices)) {
    throw new SpeechEmotionError('insecure-context', 'expected a page from https or localhost, got another');
  }
  signal?.throwIfAborted();

  // Before anything is awaited, while the click still counts; and without a sample rate, which some browsers refuse
  // and others ignore.
  const context = audioContext ?? new AudioContext();
  /** What is taken so far, to be given back in the opposite order. @type {(() => unknown)[]} */
  const taken = [];
  if (!audioContext) taken.push(() => close(context));
  const release = async () => {
    for (const back of taken.splice(0).reverse()) await back();
  };
  try {
    const resumed = context.resume();
    const worklet = prepare(context, engine.worklet);
    // A refusal by the user comes first; a failure of the others is still seen by their own await.
    for (const promise of [resumed, worklet]) promise.catch(() => {});
    const stream = given ?? (await microphone(deviceId));
    if (!given) taken.push(() => stream.getTracks().forEach((track) => track.stop()));
    signal?.throwIfAborted();
    await worklet;
    await resumed;
    const sampleRate = Math.round(context.sampleRate);
    const payload = { recognizer: engine.recognizer, sampleRate, smoothing, hysteresis };
    const job = await engine.client.call('stream', payload);
    taken.push(() => engine.client.call('release', { job }).catch(() => {}));
    signal?.throwIfAborted();
    const session = new Session(context, stream, engine.client, job, callbacks, taken, release);
    session.ownsStream = !given;
    session.onStopped = () => {
      signal?.removeEventListener('abort', session.stop);
      onStopped();
    };
    signal?.addEventListener('abort', session.stop);
    return session;
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Closes a context once the audio thread has seen that its nodes are disconnected: closed before that, Chromium keeps
 * context and worklet node for ever.
 * @param {AudioContext} context
 */
async function close(context) {
  const then = context.currentTime + 0.02;
  for (let n = 0; n < 20 && context.state === 'running' && context.currentTime < then; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (context.state !== 'closed') await context.close();
}

/**
 * @param {string | undefined} deviceId
 * @returns {Promise<MediaStream>}
 */
async function microphone(deviceId) {
  const audio = deviceId === undefined ? AS_IT_IS : { ...AS_IT_IS, deviceId: { exact: deviceId } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (cause) {
    const { name, message } = /** @type {DOMException} */ (cause);
    const code = REFUSALS[name] ?? 'microphone-failed';
    throw new SpeechEmotionError(code, `expected a microphone, got ${name}: ${message}`, { cause });
  }
}

/**
 * @param {AudioContext} context
 * @param {string | URL | undefined} address
 * @returns {Promise<void>}
 */
function prepare(context, address) {
  const known = prepared.get(context);
  if (known) return known;
  // As one expression, so that bundlers recognise the file and copy it.
  const url = address ?? new URL('./capture-worklet.js', import.meta.url);
  const loading = context.audioWorklet.addModule(url).catch((cause) => {
    prepared.delete(context);
    const hint = 'see assets.captureWorklet';
    throw new SpeechEmotionError(
      'worklet-failed',
      `expected the capture worklet at ${url}, got none; ${hint}`,
      {
        cause,
      },
    );
  });
  prepared.set(context, loading);
  return loading;
}

/** @implements {ListenSession} */
class Session {
  /** @type {ListenSession['state']} */
  state = 'listening';
  onStopped = () => {};
  ownsStream = false;
  #context;
  #client;
  #job;
  #callbacks;
  #release;
  #source;
  #node;
  #tracks;
  /** The last thing that was asked of the engine: pieces are answered in their order. @type {Promise<void>} */
  #queue = Promise.resolve();
  #flushed = () => {};
  /** @type {Promise<void> | undefined} */
  #stopping;

  /**
   * @param {AudioContext} context
   * @param {MediaStream} stream
   * @param {import('./client.js').Client} client
   * @param {number} job
   * @param {Record<string, ((value?: any) => void) | undefined>} callbacks
   * @param {(() => unknown)[]} taken
   * @param {() => Promise<void>} release
   */
  constructor(context, stream, client, job, callbacks, taken, release) {
    this.#context = context;
    this.#client = client;
    this.#job = job;
    this.#callbacks = callbacks;
    this.#release = release;
    this.#tracks = stream.getAudioTracks();
    this.stop = this.stop.bind(this);
    const [track] = this.#tracks;
    this.stream = stream;
    this.sampleRate = Math.round(context.sampleRate);
    this.device = { label: track?.label ?? '', settings: track?.getSettings() ?? {} };

    this.#source = context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(context, 'speech-emotion-capture');
    this.#node.port.onmessage = ({ data }) => {
      if (data.flushed) this.#flushed();
      else this.#push(data.channels);
    };
    // The node puts out silence. It is connected because not every browser pulls a graph that ends nowhere.
    this.#source.connect(this.#node).connect(context.destination);
    taken.push(() => {
      this.#source.disconnect();
      this.#node.disconnect();
      this.#node.port.onmessage = null;
      this.#node.port.close();
    });
    for (const each of this.#tracks) each.addEventListener('ended', this.#lost);
    context.addEventListener('statechange', this.#wake);
    taken.push(() => {
      for (const each of this.#tracks) each.removeEventListener('ended', this.#lost);
      context.removeEventListener('statechange', this.#wake);
    });
  }

  /** Hears nothing until resume(): what was being said is ended, and its audio forgotten. */
  async pause() {
    if (this.state !== 'listening') return;
    this.state = 'paused';
    this.#source.disconnect();
    this.#enable(false);
    await this.#drain('flush');
    await this.#ask('flush', {});
  }

  /** Goes on after pause(). */
  async resume() {
    if (this.state !== 'paused') return;
    this.state = 'listening';
    this.#enable(true);
    this.#source.connect(this.#node);
    await this.#context.resume();
  }

  /** Ends the session: the last words are answered, then everything that was taken is given back. */
  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop() {
    this.state = 'stopped';
    try {
      await this.#drain('stop');
      await this.#ask('flush', {}).catch(() => {});
    } finally {
      await this.#release();
      this.onStopped();
    }
  }

  #lost = () => this.#end('onDeviceLost');

  /**
   * Ends the session for a reason of its own, and says so once everything is given back.
   * @param {string} name of the callback
   * @param {unknown} [reason]
   */
  async #end(name, reason) {
    if (this.state === 'stopped') return;
    await this.stop();
    if (this.#callbacks[name]) this.#tell(name, reason);
    else if (reason) reportError(reason);
  }

  /** Browsers suspend a context for a call or another program, and some don't wake it again. */
  #wake = () => {
    const { state } = this.#context;
    if (state === 'closed') {
      this.#end(
        'onError',
        new SpeechEmotionError('no-audio', 'expected an open AudioContext, got a closed one'),
      );
    } else if (this.state === 'listening' && state !== 'running') {
      this.#context.resume().catch(() => {});
    }
  };

  /** Somebody else's stream is theirs to switch off. @param {boolean} enabled */
  #enable(enabled) {
    if (!this.ownsStream) return;
    for (const track of this.#tracks) track.enabled = enabled;
  }

  /** Waits for the audio thread's last batch. @param {'flush' | 'stop'} message */
  #drain(message) {
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      const timer = setTimeout(resolve, LAST_BATCH_MS);
      this.#flushed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#node.port.postMessage(message);
    });
  }

  /** @param {Float32Array[]} samples */
  #push(samples) {
    this.#ask(
      'push',
      { samples },
      samples.map(({ buffer }) => buffer),
    ).catch((error) => this.#end('onError', error));
  }

  /**
   * @param {string} method
   * @param {object} payload
   * @param {Transferable[]} [transfer]
   */
  #ask(method, payload, transfer = []) {
    const asked = this.#client.call(method, { job: this.#job, ...payload }, { transfer });
    const told = Promise.all([asked, this.#queue.catch(() => {})]).then(([events]) => {
      for (const event of events) this.#dispatch(event);
    });
    this.#queue = told;
    return told;
  }

  /** @param {{ type: string } & Record<string, any>} event */
  #dispatch({ type, ...value }) {
    if (type === 'level') this.#tell('onLevel', value);
    else if (type === 'speech-start') this.#tell('onSpeechStart', value);
    else if (type === 'speech-end') this.#tell('onSpeechEnd', value);
    else this.#tell('onPrediction', value);
  }

  /**
   * A callback that throws is reported like any handler that does, and the session goes on.
   * @param {string} name
   * @param {unknown} [value]
   */
  #tell(name, value) {
    try {
      this.#callbacks[name]?.(value);
    } catch (error) {
      reportError(error);
    }
  }
}

// For `await using`, where the environment has it.
if (typeof Symbol.asyncDispose === 'symbol') {
  Object.defineProperty(Session.prototype, Symbol.asyncDispose, {
    value: Session.prototype.stop,
    writable: true,
    configurable: true,
  });
}
