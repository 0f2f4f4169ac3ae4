/** Where the site's files lie: their names hold hashes, and the page's own map knows them. */

import { find } from './page.js';

/** @type {Record<string, string>} */
const FILES = JSON.parse(find('#files', HTMLScriptElement).textContent ?? '{}');

/** @param {string} name */
export function fileAt(name) {
  return new URL(FILES[name] ?? name, document.baseURI);
}
