/**
 * Reading and instantiating a WebAssembly module.
 * @module
 */
import { SpeechEmotionError, describe, invalidArgument } from './errors.js';

/** @typedef {import('./index.js').WasmSource} WasmSource */
/** @typedef {(location: string | URL) => Promise<Response | Uint8Array>} Reader */

/** @typedef {(options: { module_or_path: BufferSource | WebAssembly.Module | Response }) => Promise<unknown>} Init */

/**
 * A module of this package, instantiated once however often it is asked for.
 * @param {Init} init of the generated bindings
 */
export function createLoader(init) {
  /** @type {() => URL} */
  let defaultLocation;
  /** @type {Reader} */
  let read;
  /** @type {Promise<void> | undefined} */
  let ready;

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
   * forgotten, so that the next one tries again.
   * @param {unknown} [wasm]
   * @returns {Promise<void>}
   */
  function load(wasm) {
    if (wasm !== undefined && !isSource(wasm)) {
      const kinds = 'a URL, a string, an ArrayBuffer, a Uint8Array or a WebAssembly.Module';
      return Promise.reject(invalidArgument(`wasm to be ${kinds}`, wasm));
    }
    ready ??= instantiate(init, wasm ?? defaultLocation(), read).catch((error) => {
      ready = undefined;
      throw error;
    });
    return ready;
  }

  return { load, useSource };
}

/**
 * @param {Init} init
 * @param {WasmSource} source
 * @param {Reader} read
 * @returns {Promise<void>}
 */
async function instantiate(init, source, read) {
  const isLocation = typeof source === 'string' || source instanceof URL;
  const name = isLocation ? String(source) : describe(source);
  /** @type {BufferSource | WebAssembly.Module | Response} */
  let module;
  try {
    module = isLocation ? /** @type {Response | Uint8Array<ArrayBuffer>} */ (await read(source)) : source;
  } catch (cause) {
    throw loadFailed(`to read the module from ${name}, got ${message(cause)}`, cause);
  }
  if (typeof Response === 'function' && module instanceof Response && !module.ok) {
    throw loadFailed(`to read the module from ${name}, got HTTP status ${module.status}`);
  }
  try {
    await init({ module_or_path: module });
  } catch (cause) {
    throw loadFailed(`a WebAssembly module with SIMD from ${name}, got ${message(cause)}`, cause);
  }
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
