/**
 * The weights that a recognizer is to have: the module's own, bytes, or those that lie beside it under a name.
 * @module
 */
import { SpeechEmotionError, invalidArgument } from './errors.js';

/** @typedef {import('./loader.js').Reader} Reader */

/** Written as whole expressions, since bundlers look for them. @type {Record<string, () => [URL, URL]>} */
const NAMED = {
  'crema-d': () => [
    new URL('./crema-d.weights', import.meta.url),
    new URL('./crema-d.card.json', import.meta.url),
  ],
};

/** @type {Reader} */
let read = (location, signal) => fetch(location, { signal });

/**
 * Tells how files are read: for environments whose `fetch` does not.
 * @param {Reader} reader
 */
export function useReader(reader) {
  read = reader;
}

/**
 * The bytes of `options.weights` with their card, none for the module's own; bytes of one's own have no card.
 * @param {unknown} weights
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ bytes?: Uint8Array | undefined, card?: import('./index.js').ModelCard }>}
 */
export async function weightsOf(weights, signal) {
  if (weights === undefined || weights instanceof Uint8Array) return { bytes: weights };
  if (weights instanceof ArrayBuffer) return { bytes: new Uint8Array(weights) };
  const files = typeof weights === 'string' && Object.hasOwn(NAMED, weights) && NAMED[weights]?.();
  if (!files) {
    const names = Object.keys(NAMED).join(', ');
    throw invalidArgument(`options.weights to be an ArrayBuffer, a Uint8Array or a name (${names})`, weights);
  }
  const [bytes, card] = await Promise.all(files.map((file) => bytesAt(file, signal)));
  return { bytes, card: JSON.parse(new TextDecoder().decode(card)) };
}

/**
 * @param {URL} location
 * @param {AbortSignal} [signal]
 */
async function bytesAt(location, signal = new AbortController().signal) {
  /** @param {unknown} got @param {unknown} [cause] */
  const failed = (got, cause) =>
    new SpeechEmotionError('load-failed', `expected to read ${location}, got ${got}`, { cause });
  let got;
  try {
    got = await read(location, signal);
    if (got instanceof Uint8Array) return got;
    if (got.ok) return new Uint8Array(await got.arrayBuffer());
  } catch (cause) {
    signal.throwIfAborted();
    throw failed(cause, cause);
  }
  throw failed(`HTTP status ${got.status}`);
}
