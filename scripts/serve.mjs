// A static server for the demo: the built site at the root, and the built package below /pkg/ for benchmarks and tests.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

import { ROOT } from './run.mjs';

const PAGE = join(ROOT, 'www', 'index.html');
/** Whose names hold their hash, so that they never change. */
const HASHED = /^\/assets\//;
/** The compressed forms that the build puts beside a file, best first. @type {[string, string][]} */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  // Plain, since browsers show it and download Markdown.
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.webmanifest': 'application/manifest+json',
};

/** For a page without a policy of its own. */
const DEFAULT_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'";

/**
 * The page's own policy, which its <meta> element carries to any host, with the one rule that only a
 * header can hold.
 */
function policy() {
  const meta = readFileSync(PAGE, 'utf8').match(/http-equiv="Content-Security-Policy"\s+content="([^"]+)"/i);
  const rules = (meta?.[1] ?? DEFAULT_POLICY).replace(/\s+/g, ' ').trim().replace(/;$/, '');
  return `${rules}; frame-ancestors 'none'`;
}

/**
 * The file that a request's path means, or nothing when it lies outside of what is served.
 * @param {string} address the request's path, with or without a query
 * @returns {string | undefined}
 */
export function fileFor(address) {
  let path;
  try {
    path = decodeURIComponent(address.split(/[?#]/, 1)[0] ?? '');
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || path.includes('\0') || path.includes('\\')) return undefined;
  if (path.endsWith('/')) path += 'index.html';
  const isPackage = path.startsWith('/pkg/');
  const folder = join(ROOT, isPackage ? 'pkg' : 'dist');
  const file = normalize(join(folder, isPackage ? path.slice('/pkg'.length) : path));
  const hidden = path.split('/').some((part) => part.startsWith('.'));
  return file.startsWith(folder + sep) && !hidden ? file : undefined;
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = fileFor(request.url ?? '/');
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !found?.isFile()) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
    return;
  }
  const accepted = String(request.headers['accept-encoding'] ?? '').split(/[\s,]+/);
  const [encoding, suffix = ''] =
    ENCODINGS.find(([name, ending]) => accepted.includes(name) && existsSync(file + ending)) ?? [];
  const sent = file + suffix;
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': suffix ? statSync(sent).size : found.size,
    ...(encoding && { 'Content-Encoding': encoding }),
    Vary: 'Accept-Encoding',
    'Content-Security-Policy': policy(),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'microphone=(self)',
    'Cache-Control': HASHED.test(request.url ?? '') ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(sent)
      .on('error', () => response.destroy())
      .pipe(response);
}

/**
 * Serves on localhost alone, at the given port or the next free one.
 * @param {{ port?: number }} [options] port 0: any free port
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve({ port = 0 } = {}) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  let candidate = port;
  while (!(await listens(server, candidate))) {
    candidate += 1;
    if (candidate >= port + 20) throw new Error(`no free port between ${port} and ${candidate - 1}`);
  }
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () =>
    new Promise((/** @type {(value: void) => void} */ resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${address.port}/`, close };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<boolean>} false when the port is taken
 */
function listens(server, port) {
  return new Promise((resolve, reject) => {
    /** @param {NodeJS.ErrnoException} error */
    const failed = (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error));
    server.once('error', failed);
    server.listen(port, 'localhost', () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}
