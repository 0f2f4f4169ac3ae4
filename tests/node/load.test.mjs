import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import { ROOT, api } from './support.mjs';

const WASM = join(ROOT, 'pkg', 'speech_emotion_bg.wasm');

/**
 * Loads in a fresh thread, since the package instantiates its module once, and says how it went.
 * @param {string} attempts the body of an async function that gets Recognizer and bytes
 * @returns {Promise<unknown>}
 */
function inThread(attempts) {
  const entry = pathToFileURL(join(ROOT, 'pkg', 'node.js')).href;
  const code = `
    import { parentPort } from 'node:worker_threads';
    import { readFileSync } from 'node:fs';
    const { Recognizer } = await import(${JSON.stringify(entry)});
    const bytes = readFileSync(${JSON.stringify(WASM)});
    const samples = new Float32Array(16000);
    const load = async (wasm) => {
      try {
        const recognizer = await Recognizer.load({ assets: { wasm } });
        return (await recognizer.analyze(samples, { sampleRate: 16000 })).speech;
      } catch (error) {
        return error.code + ': ' + error.message;
      }
    };
    parentPort.postMessage(await (async () => { ${attempts} })());`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test('the module comes from bytes, a module, a path, or an address', async () => {
  const address = JSON.stringify(pathToFileURL(WASM).href);
  for (const source of [
    'bytes',
    'bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)',
    'new WebAssembly.Module(bytes)',
    JSON.stringify(WASM),
    address,
    `new URL(${address})`,
    'undefined',
  ]) {
    assert.equal(await inThread(`return load(${source})`), 0, source);
  }
});

test('the module comes over HTTP, and a missing one is named', async () => {
  const server = createServer((request, response) => {
    const found = request.url === '/module.wasm';
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/wasm' });
    response.end(found ? readFileSync(WASM) : '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const address = `http://127.0.0.1:${port}`;
  try {
    assert.equal(await inThread(`return load('${address}/module.wasm')`), 0);
    const missing = String(await inThread(`return load('${address}/none.wasm')`));
    assert.match(missing, /^load-failed: expected to read the module from .*none\.wasm, got HTTP status 404/);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a failed load says why, and the next one may succeed', async () => {
  const [missing, broken, wrong, ...good] = /** @type {unknown[]} */ (
    await inThread(`return [
      await load('no-such-file.wasm'),
      await load(new Uint8Array([1, 2, 3])),
      await load(42),
      await load(bytes),
      await load('no-such-file.wasm'),
    ]`)
  );
  assert.match(
    String(missing),
    /^load-failed: expected to read the module from no-such-file\.wasm, got .*ENOENT/,
  );
  assert.match(String(broken), /^load-failed: expected a WebAssembly module .* got CompileError/);
  assert.match(String(wrong), /^invalid-argument: expected wasm to be a URL, .* got the number 42/);
  // The last one finds the module instantiated already.
  assert.deepEqual(good, [0, 0]);
});

test('loads at the same time share one module', async () => {
  const answers = await inThread('return Promise.all([load(), load(bytes), load()])');
  assert.deepEqual(answers, [0, 0, 0]);
});

test('bad options are refused', async () => {
  // @ts-expect-error: the types forbid it as well.
  await assert.rejects(api.Recognizer.load('module.wasm'), {
    code: 'invalid-argument',
    message: /\{ assets: \{ wasm: url \} \}/,
  });
});
