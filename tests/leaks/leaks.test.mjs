// What is left behind by many rounds: nothing. `npm run leaks` runs all of them, `npm test` a part.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ROOT } from '../../scripts/run.mjs';
import { SPEECH, missing, startHearing } from '../browser/harness.mjs';
import { openHost, startHost } from '../browser/host.mjs';

/** @typedef {typeof import('../../pkg-template/index.js')} Package */

const LONG = process.env.LEAKS === 'all';
const ROUNDS = LONG ? 500 : 40;
const SESSIONS = LONG ? 200 : 12;
const MINUTES = LONG ? 60 : 2;
/** Rounds before the first measurement: caches fill, and V8 compiles what runs often, for hundreds of rounds. */
const WARM_UP = LONG ? 800 : 10;
const WARM_UP_SESSIONS = LONG ? 50 : 10;
/** How much more than before is none. */
const GROWTH = 1.01;
/** The same with compiled code, once its tiers are reached. */
const GROWTH_WITH_CODE = 1.02;

/**
 * What lies on the page's heap after everything that can be collected is, bytes. Code is apart: V8 compiles what runs
 * often, tier by tier, and that was 46 KB more after 700 rounds in the page than after 200, 3 % of the heap, while all of
 * the values grew by 116 bytes; from 800 rounds to 1300 it was 6 KB. So is what the browser keeps for itself, such as its list of long tasks: contexts,
 * nodes, tracks and workers are counted one by one.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ values: number, code: number, native: number }>}
 */
async function measure(page) {
  const session = await page.context().newCDPSession(page);
  // Twice: what finalizers let go of goes with the second.
  for (let n = 0; n < 2; n += 1) {
    await session.send('HeapProfiler.collectGarbage');
    await page.waitForTimeout(200);
  }
  let text = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => (text += chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  const { snapshot, nodes } = JSON.parse(text);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const found = { values: 0, code: 0, native: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    /** @type {string} */
    const name = types[type][nodes[at + type]];
    found[name === 'code' || name === 'native' ? name : 'values'] += nodes[at + size];
  }
  assert.ok(found.values > 1e5, JSON.stringify(found));
  return found;
}

/** @param {Awaited<ReturnType<typeof measure>>} before @param {typeof before} after @param {string} line */
function assertFlat(before, after, line) {
  assert.ok(after.values <= before.values * GROWTH, line);
  if (LONG) assert.ok(after.values + after.code <= (before.values + before.code) * GROWTH_WITH_CODE, line);
}

/** @param {Awaited<ReturnType<typeof measure>>} before @param {typeof before} after */
const grown = (before, after) =>
  Object.entries(before)
    .map(([name, bytes]) => `${name} ${bytes} to ${after[/** @type {keyof typeof after} */ (name)]}`)
    .join(', ');

/** Keeps a weak hold on every context and node that the page makes: what is alive at the end is kept by somebody. */
function keepAudio() {
  /** @type {Set<WeakRef<object>>} */
  const alive = new Set();
  const audio = { made: 0, alive };
  Reflect.set(globalThis, 'audio', audio);
  const keep = (/** @type {object} */ made) => {
    audio.made += 1;
    alive.add(new WeakRef(made));
  };
  const { AudioContext: Context, AudioWorkletNode: Node } = globalThis;
  const createSource = Context.prototype.createMediaStreamSource;
  Context.prototype.createMediaStreamSource = function (stream) {
    const node = createSource.call(this, stream);
    keep(node);
    return node;
  };
  globalThis.AudioContext = class extends Context {
    /** @param {AudioContextOptions} [options] */
    constructor(options) {
      super(options);
      keep(this);
    }
  };
  globalThis.AudioWorkletNode = class extends Node {
    /** @param {BaseAudioContext} context @param {string} name */
    constructor(context, name) {
      super(context, name);
      keep(this);
    }
  };
}

describe('leaks', { skip: missing() }, () => {
  /** @type {import('../browser/host.mjs').Host} */
  let host;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    host = await startHost();
    const autoplay = '--autoplay-policy=no-user-gesture-required';
    browser = await startHearing(join(SPEECH, 'door.wav'), autoplay);
  });
  after(async () => {
    await browser.close();
    host.close();
  });

  for (const worker of [true, false]) {
    const where = worker ? 'in a worker' : 'in the page';
    test(`${ROUNDS} rounds of load, analyze and dispose ${where}`, { timeout: 600_000 }, async (t) => {
      const { context, page, faults } = await openHost(browser, host);
      let workers = 0;
      page.on('worker', () => (workers += 1));
      const rounds = (/** @type {number} */ count) =>
        page.evaluate(
          async ({ count, worker }) => {
            const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
            const blob = await (await fetch('speech/door.wav')).blob();
            for (let n = 0; n < count; n += 1) {
              const recognizer = await Recognizer.load({ worker });
              await recognizer.analyze(blob, { segments: n % 5 === 0 });
              recognizer.dispose();
            }
            if (worker) return 0;
            const address = new URL('pkg/speech_emotion.js', location.href).href;
            const { default: init } = await import(address);
            return (await init()).memory.buffer.byteLength;
          },
          { count, worker },
        );
      const wasmBefore = await rounds(WARM_UP);
      const before = await measure(page);
      const wasmAfter = await rounds(ROUNDS);
      const after = await measure(page);
      const line = `heap ${grown(before, after)} bytes, wasm ${wasmBefore} to ${wasmAfter} bytes`;
      t.diagnostic(`${line}, ${workers} workers begun, ${page.workers().length} left`);
      assertFlat(before, after, line);
      assert.ok(wasmAfter <= wasmBefore * GROWTH, line);
      assert.equal(page.workers().length, 0);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }

  test(`${SESSIONS} rounds of listen and stop`, { timeout: 600_000 }, async (t) => {
    const { context, page, faults } = await openHost(browser, host);
    await page.evaluate(keepAudio);
    const rounds = (/** @type {number} */ count) =>
      page.evaluate(async (count) => {
        const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
        const recognizer = await Recognizer.load();
        let live = 0;
        for (let n = 0; n < count; n += 1) {
          let levels = 0;
          const session = await recognizer.listen({ onLevel: () => (levels += 1) });
          while (levels < 2) await new Promise((resolve) => setTimeout(resolve, 5));
          await session.stop();
          live += session.stream.getTracks().filter(({ readyState }) => readyState === 'live').length;
        }
        recognizer.dispose();
        return live;
      }, count);
    await rounds(WARM_UP_SESSIONS);
    await measure(page);
    await page.evaluate(() => Reflect.get(globalThis, 'audio').alive.clear());
    const before = await measure(page);
    const live = await rounds(SESSIONS);
    await measure(page);
    const audio = await page.evaluate(() => {
      /** @type {{ made: number, alive: Set<WeakRef<object>> }} */
      const { made, alive } = Reflect.get(globalThis, 'audio');
      for (const each of alive) if (!each.deref()) alive.delete(each);
      return { made, alive: alive.size };
    });
    // The holds that were let go of count neither before nor after.
    const after = await measure(page);
    const line = `heap ${grown(before, after)} bytes, ${audio.alive} of ${audio.made} contexts and nodes alive`;
    t.diagnostic(`${line}, live tracks ${live}`);
    assert.equal(live, 0);
    assert.equal(audio.made, 3 * (WARM_UP_SESSIONS + SESSIONS));
    assert.equal(audio.alive, 0, line);
    assertFlat(before, after, line);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test(`${MINUTES} minutes of streaming at 48 kHz`, { timeout: 900_000 }, async (t) => {
    const {
      default: init,
      WasmRecognizer,
      decodeWav,
      wavLayout,
    } = await import(join(ROOT, 'pkg', 'speech_emotion.js'));
    const { Recognizer } = await import(join(ROOT, 'pkg', 'node.js'));
    const loaded = await Recognizer.load();
    const { memory } = await init();
    const recognizer = new WasmRecognizer();
    const stream = recognizer.stream(48_000, 1, 0.1);
    // A spoken sentence and a second of silence, over and over: the network works for all of it.
    const wav = await readFile(join(SPEECH, 'door.wav'));
    const [samples] = decodeWav(wav);
    const { sampleRate } = wavLayout(wav, wav.length);
    const length = Math.floor((samples.length * 48_000) / sampleRate);
    const at = (/** @type {number} */ n) => (n < length ? samples[Math.floor((n * sampleRate) / 48_000)] : 0);
    const pieces = Array.from({ length: Math.floor((length + 48_000) / 2_048) }, (_, piece) =>
      Float32Array.from({ length: 2_048 }, (_, n) => at(piece * 2_048 + n)),
    );
    const total = Math.ceil((MINUTES * 60 * 48_000) / 2_048);
    const start = performance.now();
    let [answers, spoken, memoryBefore, heapBefore] = [0, 0, 0, 0];
    for (let n = 0; n < total; n += 1) {
      const events = stream.push([pieces[n % pieces.length]]);
      for (const { type, label } of events) {
        answers += type === 'prediction' ? 1 : 0;
        spoken += label ? 1 : 0;
      }
      if (n === Math.floor(total / 4)) {
        globalThis.gc?.();
        [memoryBefore, heapBefore] = [memory.buffer.byteLength, process.memoryUsage().heapUsed];
      }
    }
    globalThis.gc?.();
    const heapAfter = process.memoryUsage().heapUsed;
    const seconds = (performance.now() - start) / 1000;
    const line = `wasm ${memoryBefore} to ${memory.buffer.byteLength} bytes, heap ${heapBefore} to ${heapAfter}`;
    t.diagnostic(
      `${line}; took ${seconds.toFixed(1)} s, ${((MINUTES * 60) / seconds).toFixed(1)} times real time`,
    );
    // All that came was answered when it came but for what the resampler still holds: nothing is left over.
    assert.ok(
      answers >= MINUTES * 120 - 1 && spoken > answers * 0.9,
      `${answers} answers, ${spoken} with speech`,
    );
    assert.equal(memory.buffer.byteLength, memoryBefore, line);
    if (globalThis.gc) assert.ok(heapAfter <= heapBefore * GROWTH, line);
    stream.free();
    recognizer.free();
    loaded.dispose();
  });
});
