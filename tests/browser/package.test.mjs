// The package in a page of somebody else's: strict policy, sub-path, no isolation, microphone, offline.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ROOT } from '../../scripts/run.mjs';
import { SPEECH, missing, startBrowser, startHearing } from './harness.mjs';
import { openHost, startHost } from './host.mjs';

/** @typedef {typeof import('../../pkg-template/index.js')} Package */
/** @typedef {import('playwright-core').Page} Page */

const AUTOPLAY = '--autoplay-policy=no-user-gesture-required';

/** @type {(page: Page) => Promise<any>} what a page does with a file: load, analyse, answer */
const analyse = (page) =>
  page.evaluate(async () => {
    const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
    const recognizer = await Recognizer.load();
    const blob = await (await fetch('speech/door.wav')).blob();
    const analysis = await recognizer.analyze(blob);
    recognizer.dispose();
    return analysis;
  });

/** Listens until there is a prediction with a label, and tells all that came. @param {Page} page */
const hear = (page) =>
  page.evaluate(async () => {
    const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
    const recognizer = await Recognizer.load();
    /** @type {any[]} */
    const said = [];
    /** @type {(value: unknown) => void} */
    let enough = () => {};
    const heard = new Promise((resolve) => (enough = resolve));
    const session = await recognizer.listen({
      onLevel: ({ rms, peak }) => said.push({ type: 'level', rms, peak }),
      onSpeechStart: ({ time }) => said.push({ type: 'start', time }),
      onSpeechEnd: ({ time }) => said.push({ type: 'end', time }),
      onPrediction: (segment) => {
        said.push({ type: 'prediction', ...segment });
        if (segment.label && segment.end >= 2) enough(undefined);
      },
    });
    await heard;
    const { device, sampleRate, stream } = session;
    await session.stop();
    const tracks = stream.getTracks().map((track) => track.readyState);
    recognizer.dispose();
    return { said, device, sampleRate, tracks, state: session.state };
  });

describe('package', { skip: missing() }, () => {
  /** @type {import('./host.mjs').Host} */
  let host;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    host = await startHost();
    browser = await startHearing(join(SPEECH, 'door.wav'), AUTOPLAY);
  });
  after(async () => {
    await browser.close();
    host.close();
  });

  test('a strict policy and a sub-path: files and the microphone are answered', async () => {
    const { context, page, faults } = await openHost(browser, host);
    assert.equal(await page.evaluate(() => crossOriginIsolated), false);
    const analysis = await analyse(page);
    assert.notEqual(analysis.label, null);
    const likeliest = Object.entries(analysis.probabilities).sort(([, a], [, b]) => Number(b) - Number(a));
    assert.equal(likeliest[0]?.[0], analysis.label);
    // Smoothed, and with hysteresis: not the whole clip's label, but one.
    const ends = analysis.segments.map((/** @type {any} */ { end }) => end);
    assert.deepEqual(ends.slice(0, 3), [0.5, 1, 1.5]);
    assert.notEqual(analysis.segments.at(-1).label, null);
    const { said, device, sampleRate, tracks, state } = await hear(page);
    const kinds = new Set(said.map(({ type }) => type));
    for (const kind of ['level', 'start', 'prediction', 'end']) assert.ok(kinds.has(kind), kind);
    assert.ok(said.some(({ type, peak }) => type === 'level' && peak > -40));
    assert.ok(said.findIndex(({ type }) => type === 'start') < said.findIndex(({ label }) => label));
    const heard = said.filter(({ type }) => type === 'prediction').map(({ end }) => end);
    assert.deepEqual(heard.slice(0, 4), [0.5, 1, 1.5, 2]);
    const { echoCancellation, noiseSuppression, autoGainControl } = device.settings;
    assert.deepEqual([echoCancellation, noiseSuppression, autoGainControl], [false, false, false]);
    assert.ok(sampleRate >= 8_000);
    assert.deepEqual([tracks, state], [['ended'], 'stopped']);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('offline after the first visit', async () => {
    const { context, page, faults } = await openHost(browser, host);
    await analyse(page);
    await hear(page);
    await page.evaluate(async () => (await fetch('speech/door.wav')).blob());
    host.requested.length = 0;
    await context.setOffline(true);
    await page.goto('about:blank');
    await page.goto(host.url);
    await page.waitForFunction(() => 'Package' in globalThis);
    assert.notEqual((await analyse(page)).label, null);
    await hear(page);
    assert.deepEqual([host.requested, faults], [[], []]);
    await context.close();
  });

  test('the network runs in a worker, and the page does a little at a time', async (t) => {
    const { context, page, faults } = await openHost(browser, host);
    await page.evaluate(async () => {
      // What crosses between page and worker is all that the page has to do with audio: how much of it at a time.
      const most = { bytes: 0, values: 0, instantiated: 0 };
      const count = (/** @type {unknown} */ value) => {
        if (ArrayBuffer.isView(value)) return { bytes: value.byteLength, values: 1 };
        const sum = { bytes: 0, values: 1 };
        if (typeof value !== 'object' || value === null || value instanceof MessagePort) return sum;
        for (const part of Object.values(value)) {
          const { bytes, values } = count(part);
          sum.bytes += bytes;
          sum.values += values;
        }
        return sum;
      };
      const note = (/** @type {unknown} */ message) => {
        const { bytes, values } = count(message);
        most.bytes = Math.max(most.bytes, bytes);
        most.values = Math.max(most.values, values);
      };
      globalThis.Worker = class extends Worker {
        /** @param {string | URL} url @param {WorkerOptions} [options] */
        constructor(url, options) {
          super(url, options);
          this.addEventListener('message', ({ data }) => note(data));
        }
        /** @param {unknown} message @param {any} [transfer] */
        postMessage(message, transfer) {
          note(message);
          super.postMessage(message, transfer);
        }
      };
      for (const name of /** @type {const} */ (['instantiate', 'instantiateStreaming', 'compile'])) {
        Reflect.set(WebAssembly, name, () => (most.instantiated += 1));
      }
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const recognizer = await Recognizer.load();
      const seconds = 60;
      const samples = Float32Array.from({ length: seconds * 48_000 }, (_, n) => Math.sin(n / 9) / 4);
      const buffer = new AudioBuffer({ length: samples.length, sampleRate: 48_000, numberOfChannels: 2 });
      buffer.copyToChannel(samples, 0);
      Object.assign(globalThis, { most, recognizer, samples, buffer });
    });
    const most = await page.evaluate(async () => {
      /** @type {any} */
      const { recognizer, samples, buffer, most } = globalThis;
      await recognizer.analyze(samples, { sampleRate: 48_000 });
      await recognizer.analyze(samples, { sampleRate: 48_000, channels: 2, segments: false });
      await recognizer.analyze(buffer);
      await recognizer.calibrate(samples, { sampleRate: 48_000 }).catch(() => {});
      return most;
    });
    t.diagnostic(`the most in a message: ${JSON.stringify(most)}`);
    assert.equal(most.instantiated, 0);
    // An eighth of a megabyte, and some segments of a few seconds.
    assert.ok(most.bytes <= 2 ** 17, JSON.stringify(most));
    assert.ok(most.values < 1_000, JSON.stringify(most));
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('progress in bytes, and loads that are given up', async () => {
    const { context, page } = await openHost(browser, host);
    const found = await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const controller = new AbortController();
      const given = Recognizer.load({ signal: controller.signal }).catch((error) => error.name);
      controller.abort();
      /** @type {any[]} */
      const progress = [];
      const recognizer = await Recognizer.load({ onProgress: (now) => progress.push(now) });
      recognizer.dispose();
      return { given: await given, progress };
    });
    assert.equal(found.given, 'AbortError');
    const { size } = statSync(join(ROOT, 'pkg', 'speech_emotion_bg.wasm'));
    assert.deepEqual(found.progress.at(-1), { loaded: size, total: size });
    const loaded = found.progress.map((/** @type {any} */ now) => now.loaded);
    assert.deepEqual(
      loaded,
      [...loaded].sort((a, b) => a - b),
    );
    await context.close();
  });

  test('encoded files of every kind, and what is none', async () => {
    const { context, page } = await openHost(browser, host);
    const found = await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const recognizer = await Recognizer.load();
      /** @type {unknown[]} */
      const found = [];
      for (const file of ['wav', 'flac', 'mp3', 'ogg']) {
        const bytes = await (await fetch(`speech/eleven.${file}`)).arrayBuffer();
        const { label } = await recognizer.analyze(bytes, { segments: false });
        found.push(label !== null, bytes.byteLength > 0);
      }
      const refused = recognizer.analyze(new Blob(['nonsense']));
      found.push(await refused.catch((error) => error.code));
      recognizer.dispose();
      return found;
    });
    assert.deepEqual(found, [...Array(8).fill(true), 'decode']);
    await context.close();
  });

  test('a device of any rate', async () => {
    const { context, page, faults } = await openHost(browser, host);
    const found = await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const recognizer = await Recognizer.load();
      const found = [];
      for (const sampleRate of [8_000, 44_100, 192_000]) {
        const audioContext = new AudioContext({ sampleRate });
        /** @type {import('../../pkg-template/index.js').Segment[]} */
        const heard = [];
        const session = await recognizer.listen({
          audioContext,
          onPrediction: (segment) => heard.push(segment),
        });
        while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
        await session.stop();
        await audioContext.close();
        const spoken = heard.some(({ label }) => label !== null);
        found.push([session.sampleRate, heard.slice(0, 3).map(({ end }) => end), spoken]);
      }
      recognizer.dispose();
      return found;
    });
    for (const [, ends, spoken] of found) assert.deepEqual([ends, spoken], [[0.5, 1, 1.5], true]);
    assert.deepEqual(
      found.map(([rate]) => rate),
      [8_000, 44_100, 192_000],
    );
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a session pauses, resumes, ends by its signal, and says when the device is lost', async () => {
    const { context, page, faults } = await openHost(browser, host);
    const found = await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const recognizer = await Recognizer.load();
      const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
      /** @type {Record<string, unknown>} */
      const found = {};

      let levels = 0;
      const controller = new AbortController();
      const session = await recognizer.listen({ signal: controller.signal, onLevel: () => (levels += 1) });
      await wait(300);
      await session.pause();
      const paused = levels;
      await wait(300);
      found.pause = [paused > 0, levels - paused, session.state];
      await session.resume();
      await wait(300);
      found.resume = [levels > paused, session.state];
      controller.abort();
      await session.stop();
      found.abort = [session.state, session.stream.getTracks().map((track) => track.readyState)];

      let lost = 0;
      const other = await recognizer.listen({ onDeviceLost: () => (lost += 1) });
      const [track] = other.stream.getTracks();
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
      await other.stop();
      await wait(10);
      found.lost = [lost, other.state];

      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const audioContext = new AudioContext();
      const given = await recognizer.listen({ stream, audioContext });
      await given.stop();
      found.given = [stream.getTracks().map(({ readyState }) => readyState), audioContext.state];
      const again = await recognizer.listen({ stream, audioContext });
      recognizer.dispose();
      await again.stop();
      found.disposed = again.state;
      stream.getTracks().forEach((each) => each.stop());
      await audioContext.close();
      return found;
    });
    assert.deepEqual(found, {
      pause: [true, 0, 'paused'],
      resume: [true, 'listening'],
      abort: ['stopped', ['ended']],
      lost: [1, 'stopped'],
      given: [['live'], 'running'],
      disposed: 'stopped',
    });
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('what can not work says what and why', async () => {
    const { context, page } = await openHost(browser, host);
    const codes = await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const code = (/** @type {Promise<unknown>} */ promise) => promise.then(String, (error) => error.code);
      const found = [
        await code(Recognizer.load({ assets: { worker: 'none.js' } })),
        await code(Recognizer.load({ assets: { wasm: 'none.wasm' } })),
      ];
      const bad = await Recognizer.load({ assets: { captureWorklet: 'none.js' } });
      const good = await Recognizer.load();
      found.push(
        await code(bad.listen()),
        await code(bad.listen({ deviceId: 'none' })),
        await code(good.listen({ smoothing: -1 })),
        await code(bad.listen(/** @type {any} */ ({ onLevel: 1 }))),
      );
      good.dispose();
      bad.dispose();
      return [...found, await code(bad.listen())];
    });
    assert.deepEqual(codes, [
      'worker-failed',
      'load-failed',
      'worklet-failed',
      'microphone-missing',
      'parameter',
      'invalid-argument',
      'disposed',
    ]);
    await context.close();
  });

  test('a microphone that is denied', async (t) => {
    const denying = await startBrowser(
      '--use-fake-ui-for-media-stream=deny',
      '--use-fake-device-for-media-stream',
    );
    t.after(() => denying.close());
    const { page } = await openHost(denying, host);
    const code = await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      const recognizer = await Recognizer.load();
      return recognizer.listen().then(String, (error) => error.code);
    });
    assert.equal(code, 'microphone-denied');
  });
});
