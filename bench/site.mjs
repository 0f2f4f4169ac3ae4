// What the benchmarks do in headless Chromium: a site with the package and the benchmark's own files, and a page of it.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { getuid } from 'node:process';

import { chromium } from 'playwright-core';

import { findBrowser } from '../scripts/browser.mjs';
import { ROOT, Stop } from '../scripts/run.mjs';

/** @type {Record<string, string>} */
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** The folders that are served. */
const FOLDERS = /^\/(pkg|bench|src\/model|\.cache\/bench)\//;

/** Without the demo's policy, since essentia.js makes functions of strings; to be cached, as any host's files are. */
export async function serve() {
  /** @type {string[]} */
  const requested = [];
  const server = createServer((request, response) => {
    const path = normalize((request.url ?? '/').split('?', 1)[0] ?? '/');
    const file = join(ROOT, path);
    requested.push(path);
    if (path === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>bench</title>');
    } else if (FOLDERS.test(path) && existsSync(file)) {
      const headers = {
        'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
        'Content-Length': statSync(file).size,
        'Cache-Control': 'max-age=3600',
      };
      createReadStream(file).pipe(response.writeHead(200, headers));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${port}/`, close, requested };
}

/** What Chromium is started with. @returns {import('playwright-core').LaunchOptions} */
export function launchOptions() {
  const { chromium: executablePath } = findBrowser();
  if (!executablePath) throw new Stop('expected Chromium for the benchmark, found none');
  return { executablePath, args: getuid?.() === 0 ? ['--no-sandbox'] : [] };
}

/**
 * Runs `work` with an empty page of the site and gives its result.
 * @template T
 * @param {(page: import('playwright-core').Page) => Promise<T>} work
 * @returns {Promise<{ engine: string, result: T }>}
 */
export async function inPage(work) {
  const { url, close } = await serve();
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return { engine: `Chromium ${browser.version()}`, result: await work(page) };
  } finally {
    await browser.close();
    close();
  }
}
