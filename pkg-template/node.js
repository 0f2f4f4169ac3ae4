/**
 * The package's entry for Node, whose fetch refuses `file:` addresses.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { useSource } from './module.js';

/**
 * Reads a file, or fetches any other address. A string that is no address is the path of a file.
 * @param {string | URL} location
 * @returns {Promise<Response | Uint8Array>}
 */
async function read(location) {
  const url = URL.canParse(String(location)) ? new URL(location) : pathToFileURL(String(location));
  return url.protocol === 'file:' ? readFile(url) : fetch(url);
}

useSource(() => new URL('./speech_emotion_bg.wasm', import.meta.url), read);

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
