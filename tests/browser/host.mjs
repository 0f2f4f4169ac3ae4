// A page of somebody else's: the built package below a sub-path, under a strict policy, without isolation.
import { createServer } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

import { ROOT } from '../../scripts/run.mjs';

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const SUB_PATH = '/some/where/else/';

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** @type {Record<string, string>} */
const PAGES = {
  '': '<!doctype html><meta charset="utf-8"><title>host</title><button>Listen</button><script type="module" src="page.js"></script>',
  'page.js': "globalThis.Package = await import('./pkg/index.js');",
};

/**
 * @typedef {object} Host
 * @property {string} url
 * @property {string[]} requested the paths that were asked for
 * @property {() => void} close
 */

/** @returns {Promise<Host>} */
export async function startHost() {
  /** @type {string[]} */
  const requested = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(SUB_PATH.length);
    requested.push(path);
    const body = PAGES[path] ?? file(path);
    if (!request.url?.startsWith(SUB_PATH) || body === undefined) return response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)] ?? (path === '' ? 'text/html' : 'application/octet-stream'),
      'Content-Length': Buffer.byteLength(body),
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'max-age=31536000, immutable',
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${SUB_PATH}`, requested, close };
}

/** @param {string} path */
function file(path) {
  const folder = path.startsWith('pkg/') ? ROOT : join(ROOT, 'tests', 'fixtures');
  const name = join(folder, path);
  return statSync(name, { throwIfNoEntry: false })?.isFile() ? readFileSync(name) : undefined;
}

/**
 * Opens the host's page and waits until the package is imported.
 * @param {import('playwright-core').Browser} browser
 * @param {Host} host
 */
export async function openHost(browser, host) {
  const context = await browser.newContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(host.url);
  await page.waitForFunction(() => 'Package' in globalThis);
  return { context, page, faults };
}
