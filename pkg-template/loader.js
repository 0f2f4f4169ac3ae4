/**
 * Reading and instantiating a WebAssembly module.
 * @module
 */
import { SpeechEmotionError, describe, invalidArgument } from './errors.js';

/** @typedef {import('./index.js').WasmSource} WasmSource */
/** @typedef {import('./index.js').LoadProgress} LoadProgress */
/** @typedef {(location: string | URL, signal: AbortSignal) => Promise<Response | Uint8Array>} Reader */

/** A module of one function that uses a vector: engines without WebAssembly SIMD call it invalid. */
const SIMD = Uint8Array.of(
  ...[
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  ],
  11,
);

/** Without it browsers refuse to compile a response while it comes. */
const WASM_TYPE = 'application/wasm';

/** @typedef {(options: { module: WebAssembly.Module }) => unknown} Init */

/**
 * A load that is under way or done, and those who wait for it.
 * @typedef {object} Loading
 * @property {Promise<void>} ready
 * @property {AbortController} controller
 * @property {number} waiting
 * @property {Set<(progress: LoadProgress) => void>} listeners
 */

/**
 * A module of this package, instantiated once in each thread however often it is asked for.
 * @param {Init} init of the generated bindings; compiling, which takes its time, is done before
 */
export function createLoader(init) {
  /** @type {() => URL} */
  let defaultLocation;
  /** @type {Reader} */
  let read;

  /** @type {Loading | undefined} */
  let loading;

  /**
   * Tells where the module lies and how to read it: the entry for each environment calls this once.
   * @param {() => URL} location
   * @param {Reader} reader
   */
  function useSource(location, reader) {
    defaultLocation = location;
    read = reader;
  }

  /**
   * Instantiates the module, or waits for the instance that another call began. A failed attempt is
   * forgotten, so that the next one tries again; one that every caller has given up is ended.
   * @param {unknown} [wasm]
   * @param {{ signal?: AbortSignal | undefined, onProgress?: ((progress: LoadProgress) => void) | undefined }} [options]
   * @returns {Promise<void>}
   */
  async function load(wasm, { signal, onProgress } = {}) {
    if (wasm !== undefined && !isSource(wasm)) {
      const kinds = 'a URL, a string, an ArrayBuffer, a Uint8Array or a WebAssembly.Module';
      throw invalidArgument(`wasm to be ${kinds}`, wasm);
    }
    signal?.throwIfAborted();
    const mine = (loading ??= begin(wasm ?? defaultLocation(), onProgress !== undefined));
    mine.waiting += 1;
    if (onProgress) mine.listeners.add(onProgress);
    /** @type {() => void} */
    let stop = () => {};
    try {
      const aborted = new Promise((_, reject) => {
        stop = () => reject(signal?.reason);
        signal?.addEventListener('abort', stop);
      });
      await (signal ? Promise.race([mine.ready, aborted]) : mine.ready);
    } finally {
      signal?.removeEventListener('abort', stop);
      if (onProgress) mine.listeners.delete(onProgress);
      mine.waiting -= 1;
      if (signal?.aborted && mine.waiting === 0) mine.controller.abort(signal.reason);
    }
  }

  /**
   * @param {WasmSource} source
   * @param {boolean} heard whether anybody wants to hear of its progress
   * @returns {Loading}
   */
  function begin(source, heard) {
    const controller = new AbortController();
    /** @type {Loading['listeners']} */
    const listeners = new Set();
    const tell = (/** @type {LoadProgress} */ progress) => {
      for (const listener of listeners) listener(progress);
    };
    const ready = instantiate({ init, source, read }, controller.signal, heard ? tell : undefined);
    const mine = { ready, controller, waiting: 0, listeners };
    ready.catch(() => {
      if (loading === mine) loading = undefined;
    });
    // At once, and not when the abort has come through: a load that begins meanwhile is a new one.
    controller.signal.addEventListener('abort', () => {
      if (loading === mine) loading = undefined;
    });
    return mine;
  }

  return { load, useSource };
}

/**
 * @param {{ init: Init, source: WasmSource, read: Reader }} what
 * @param {AbortSignal} signal
 * @param {((progress: LoadProgress) => void) | undefined} onProgress
 * @returns {Promise<void>}
 */
async function instantiate({ init, source, read }, signal, onProgress) {
  if (!WebAssembly.validate(SIMD)) {
    throw new SpeechEmotionError('no-simd', 'expected WebAssembly with SIMD, got none');
  }
  const isLocation = typeof source === 'string' || source instanceof URL;
  const name = isLocation ? String(source) : describe(source);
  /** @type {Response | BufferSource | WebAssembly.Module} */
  let found;
  try {
    found = isLocation
      ? /** @type {Response | Uint8Array<ArrayBuffer>} */ (await read(source, signal))
      : source;
  } catch (cause) {
    throw loadFailed(`to read the module from ${name}, got ${message(cause)}`, cause);
  }
  if (isResponse(found) && !found.ok) {
    throw loadFailed(`to read the module from ${name}, got HTTP status ${found.status}`);
  }
  try {
    init({ module: await compile(found, onProgress) });
  } catch (cause) {
    throw loadFailed(`a WebAssembly module with SIMD from ${name}, got ${message(cause)}`, cause);
  }
}

/**
 * @param {Response | BufferSource | WebAssembly.Module} found
 * @param {((progress: LoadProgress) => void) | undefined} onProgress
 */
function compile(found, onProgress) {
  if (found instanceof WebAssembly.Module) return found;
  if (isResponse(found)) {
    const isWasm = found.headers.get('Content-Type') === WASM_TYPE;
    // As it came where that will do: browsers keep what they compiled of such a response, and of no other.
    return WebAssembly.compileStreaming(isWasm && !onProgress ? found : watched(found, onProgress));
  }
  onProgress?.({ loaded: found.byteLength, total: found.byteLength });
  return WebAssembly.compile(found);
}

/** @param {unknown} value @returns {value is Response} */
function isResponse(value) {
  return typeof Response === 'function' && value instanceof Response;
}

/**
 * The same response, its bytes counted as they come. It is compiled while it comes.
 * @param {Response} response
 * @param {((progress: LoadProgress) => void) | undefined} onProgress
 * @returns {Response}
 */
function watched(response, onProgress) {
  // Of a compressed response the header tells another length than that of the bytes that are seen here.
  const length = response.headers.get('Content-Encoding') ? null : response.headers.get('Content-Length');
  const total = length === null ? undefined : Number(length);
  let loaded = 0;
  /** @type {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} */
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      onProgress?.({ loaded, total });
      controller.enqueue(chunk);
    },
  });
  // Whatever type the server gave it: some know none for wasm.
  const headers = { 'Content-Type': WASM_TYPE };
  return new Response(response.body?.pipeThrough(counter) ?? null, { headers });
}

/**
 * @param {unknown} value
 * @returns {value is WasmSource}
 */
function isSource(value) {
  return (
    typeof value === 'string' ||
    value instanceof URL ||
    value instanceof ArrayBuffer ||
    value instanceof Uint8Array ||
    value instanceof WebAssembly.Module
  );
}

/**
 * @param {string} text
 * @param {unknown} [cause]
 */
function loadFailed(text, cause) {
  return new SpeechEmotionError('load-failed', `expected ${text}`, { cause });
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
