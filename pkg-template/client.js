/**
 * The engine, wherever it runs: one worker shared by all recognizers of one address, or this very thread.
 * @module
 */
import { SpeechEmotionError } from './errors.js';
import { createLoader } from './loader.js';

/**
 * @typedef {object} CallOptions
 * @property {AbortSignal | undefined} [signal]
 * @property {((progress: import('./index.js').LoadProgress) => void) | undefined} [onProgress]
 * @property {Transferable[]} [transfer]
 *
 * @typedef {object} Client
 * @property {boolean} [isLocal] whether it works in this thread
 * @property {(wasm?: unknown, options?: CallOptions) => Promise<WebAssembly.Module | undefined>} compile the module
 * @property {(method: string, payload: object, options?: CallOptions) => Promise<any>} call
 * @property {(failed?: unknown) => void} release gives the engine back, having failed to load or not; the worker ends with
 * its last user
 *
 * @typedef {object} Waiting
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** @type {() => Promise<Pick<Client, 'call'>>} */
let importEngine;

/**
 * Tells how the engine of this thread is imported, on demand since most pages leave it to the worker: the entry for each
 * environment calls this once.
 * @param {typeof importEngine} imported
 */
export function useEngine(imported) {
  importEngine = imported;
}

/** @type {[location: () => URL, read: import('./loader.js').Reader]} */
let source;

/**
 * Tells where the module lies and how to read it: the entry for each environment calls this once.
 * @param {typeof source} given
 */
export function useSource(...given) {
  source = given;
}

/**
 * Compiles the module in this thread's background, once, for whichever thread instantiates it: while a worker starts,
 * which takes as long.
 * @returns {Client['compile']}
 */
function compiler() {
  /** @type {WebAssembly.Module | undefined} */
  let module;
  const loader = createLoader((compiled) => {
    module = compiled.module;
  });
  loader.useSource(...source);
  return async (wasm, options) => {
    await loader.load(wasm, options);
    return module;
  };
}

/** What compiles for this thread. @type {Client['compile'] | undefined} */
let here;

/** The engine of this thread. @returns {Promise<Client>} */
export async function localClient() {
  const { call } = await importEngine();
  here ??= compiler();
  const release = (/** @type {unknown} */ failed) => {
    if (failed) here = undefined;
  };
  return { call, compile: here, release, isLocal: true };
}

/** Lets whatever waits in this thread run. @returns {Promise<void>} */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** @type {Map<string, WorkerEngine>} */
const shared = new Map();

/**
 * The engine in a worker.
 * @param {string | URL | undefined} address of the worker's script; beside this file when left out
 * @returns {Client}
 */
export function workerClient(address) {
  const key = String(address ?? '');
  const engine = shared.get(key) ?? new WorkerEngine(address, () => shared.delete(key));
  shared.set(key, engine);
  engine.users += 1;
  let released = false;
  return {
    call: (method, payload, options) => engine.call(method, payload, options),
    compile: engine.compile,
    release() {
      if (released) return;
      released = true;
      engine.users -= 1;
      if (engine.users === 0)
        engine.end(new SpeechEmotionError('disposed', 'expected a worker in use, got none'));
    },
  };
}

/** @param {string | URL | undefined} address */
function start(address) {
  // The first as one expression, so that bundlers recognise the worker and build it.
  return address === undefined
    ? new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'speech-emotion' })
    : new Worker(address, { type: 'module', name: 'speech-emotion' });
}

class WorkerEngine {
  users = 0;
  compile = compiler();
  #worker;
  #next = 0;
  /** Why the worker ended. @type {Error | undefined} */
  #ended;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #forget;
  /**
   * @param {string | URL | undefined} address
   * @param {() => void} forget
   */
  constructor(address, forget) {
    this.#forget = forget;
    const where = address ?? 'worker.js beside this package';
    const failed = (/** @type {unknown} */ cause, /** @type {string} */ got) => {
      const hint = 'see assets.worker, or pass worker: false';
      return new SpeechEmotionError('worker-failed', `expected a worker from ${where}, got ${got}; ${hint}`, {
        cause,
      });
    };
    try {
      this.#worker = start(address);
    } catch (cause) {
      throw failed(cause, String(cause));
    }
    this.#worker.onmessage = ({ data }) => {
      // The worker's lock is granted when the worker has ended: of that browsers tell nobody.
      const ended = () => this.end(failed(undefined, 'one that was ended'));
      if (data.life) navigator.locks.request(data.life, ended).catch(() => {});
      else this.#answer(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      this.end(failed(event, event.message || 'no script there'));
    };
  }

  /**
   * @param {string} method
   * @param {object} payload
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  call(method, payload, { signal, transfer = [] } = {}) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      signal?.throwIfAborted();
      const abort = () => {
        this.#waiting.delete(id);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settle = (/** @type {(value: any) => void} */ how) => (/** @type {unknown} */ value) => {
        signal?.removeEventListener('abort', abort);
        how(value);
      };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#worker?.postMessage({ id, method, payload }, transfer);
    });
  }

  /** Ends the worker and all that waits for it. @param {Error} reason */
  end(reason) {
    if (this.#ended) return;
    this.#ended = reason;
    this.#forget();
    this.#worker?.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  /** @param {{ id?: number, result?: unknown, error?: any }} message */
  #answer({ id, result, error }) {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result);
    else if (error.code) waiting.reject(new SpeechEmotionError(error.code, error.message));
    else waiting.reject(Object.assign(new Error(error.message), { name: error.name }));
  }
}
