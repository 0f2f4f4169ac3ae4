// The demo's server: what it answers, and what it keeps to itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { serve } from '../../scripts/serve.mjs';
import { ROOT } from './support.mjs';

/** @type {Awaited<ReturnType<typeof serve>>} */
let site;
before(async () => {
  site = await serve();
});
after(() => site.close());

/**
 * The status of a path exactly as written: fetch would tidy it up before sending.
 * @param {string} path
 * @returns {Promise<number | undefined>}
 */
function status(path) {
  const { hostname, port } = new URL(site.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('page and package come with their types and the policy of the page', async () => {
  const page = await fetch(site.url);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const body = await page.text();
  assert.equal(body, readFileSync(join(ROOT, 'dist', 'index.html'), 'utf8'));
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
  assert.match(policy, /frame-ancestors 'none'$/);
  assert.ok(body.includes(policy.replace("; frame-ancestors 'none'", '')));

  const wasm = await fetch(new URL('pkg/speech_emotion_bg.wasm', site.url));
  assert.equal(wasm.headers.get('content-type'), 'application/wasm');
  assert.equal(wasm.headers.get('x-content-type-options'), 'nosniff');
  assert.ok(WebAssembly.validate(await wasm.arrayBuffer()));
  const script = await fetch(new URL('pkg/index.js?v=1', site.url), { method: 'HEAD' });
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
});

test('nothing outside of the two folders is served', async () => {
  assert.equal(await status('/pkg/index.js'), 200);
  for (const path of [
    '/../package.json',
    '/pkg/../package.json',
    '/pkg/../../etc/passwd',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/pkg/%2e%2e%2fpackage.json',
    '/..\\package.json',
    '/.git/config',
    '/index.html%00.js',
    '/%',
    '/pkg',
    '/pkg/',
    '/none.js',
  ]) {
    assert.equal(await status(path), 404, path);
  }
  assert.equal((await fetch(site.url, { method: 'POST', body: 'x' })).status, 405);
});

test('a taken port is passed over', async () => {
  const other = createServer();
  await new Promise((resolve) => other.listen(0, 'localhost', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (other.address());
  const second = await serve({ port });
  assert.notEqual(new URL(second.url).port, String(port));
  assert.equal((await fetch(second.url)).status, 200);
  await second.close();
  other.close();
});
