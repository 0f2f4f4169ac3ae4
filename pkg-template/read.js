/**
 * Reading files in Node, whose fetch refuses `file:` addresses.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/**
 * Reads a file, or fetches any other address. A string that is no address is the path of a file.
 * @param {string | URL} location
 * @param {AbortSignal} signal
 * @returns {Promise<Response | Uint8Array>}
 */
export async function read(location, signal) {
  const url = URL.canParse(String(location)) ? new URL(location) : pathToFileURL(String(location));
  return url.protocol === 'file:' ? readFile(url, { signal }) : fetch(url, { signal });
}
