// A page that listens while another tab is before it: a minute, in a browser that throttles such pages.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { SPEECH, missing, startThrottling } from './harness.mjs';
import { startHost } from './host.mjs';

/** @typedef {typeof import('../../pkg-template/index.js')} Package */

const HIDDEN_MS = 60_000;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Tabs of the browser's first window. Playwright's own pages always believe that they are seen.
 * @param {import('playwright-core').Browser} browser
 */
async function tabs(browser) {
  const session = await browser.newBrowserCDPSession();
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
  });
  const open = async (/** @type {string} */ url) => {
    const { targetId } = await session.send('Target.createTarget', { url });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    /** @type {<T>(work: () => T) => Promise<Awaited<T>>} */
    const evaluate = async (work) => {
      const id = waiting.size;
      const answer = new Promise((resolve) => waiting.set(id, resolve));
      const params = { expression: `(${work})()`, awaitPromise: true, returnByValue: true };
      const message = JSON.stringify({ id, method: 'Runtime.evaluate', params });
      await session.send('Target.sendMessageToTarget', { sessionId, message });
      const { result, exceptionDetails } = await answer;
      assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
      return result.value;
    };
    return { evaluate, toFront: () => session.send('Target.activateTarget', { targetId }) };
  };
  return { open };
}

test(
  'a tab is hidden for a minute, and hears all of it',
  { skip: missing(), timeout: 180_000 },
  async (t) => {
    const host = await startHost();
    const browser = await startThrottling(
      join(SPEECH, 'door.wav'),
      '--autoplay-policy=no-user-gesture-required',
    );
    t.after(async () => {
      await browser.close();
      host.close();
    });
    const { open } = await tabs(browser);
    const page = await open(host.url);
    while (!(await page.evaluate(() => 'Package' in globalThis))) await wait(50);

    await page.evaluate(async () => {
      const { Recognizer } = /** @type {Package} */ (Reflect.get(globalThis, 'Package'));
      /** @type {{ ends: number[], hidden: number, told: string[], shown: string[] }} */
      const heard = { ends: [], hidden: 0, told: [], shown: [] };
      addEventListener('error', ({ message }) => heard.told.push(message));
      addEventListener('unhandledrejection', ({ reason }) => heard.told.push(String(reason)));
      document.addEventListener('visibilitychange', () => heard.shown.push(document.visibilityState));
      const recognizer = await Recognizer.load();
      const audioContext = new AudioContext();
      const session = await recognizer.listen({
        audioContext,
        onPrediction: ({ end }) => {
          heard.ends.push(end);
          if (document.visibilityState === 'hidden') heard.hidden += 1;
        },
        onDeviceLost: () => heard.told.push('device lost'),
        onError: (error) => heard.told.push(error.message),
      });
      // The audio thread's own clock: the session's first sample is not after this.
      const since = audioContext.currentTime;
      Object.assign(globalThis, {
        heard,
        recognizer,
        session,
        played: () => audioContext.currentTime - since,
      });
    });
    const told = () =>
      page.evaluate(() => {
        const { heard, session } = /** @type {any} */ (globalThis);
        return { ...heard, state: session.state, visibility: document.visibilityState };
      });

    const other = await open('about:blank');
    await other.toFront();
    await wait(HIDDEN_MS);
    const behind = await told();
    await page.toFront();
    await wait(2_000);
    const before = await told();
    const last = await page.evaluate(async () => {
      const { heard, played, recognizer, session } = /** @type {any} */ (globalThis);
      const until = played();
      await session.stop();
      const tracks = session.stream.getTracks().map((/** @type {any} */ track) => track.readyState);
      const end = heard.ends.at(-1);
      // And again, as before.
      await new Promise((resolve, reject) => {
        recognizer.listen({ onPrediction: resolve, onError: reject }).catch(reject);
      });
      recognizer.dispose();
      return { heard: end, until, tracks, told: heard.told };
    });

    t.diagnostic(
      `${behind.hidden} predictions while hidden, heard ${last.heard.toFixed(2)} of ${last.until.toFixed(2)} s`,
    );
    assert.deepEqual([behind.visibility, behind.shown, behind.state], ['hidden', ['hidden'], 'listening']);
    assert.deepEqual([before.visibility, before.state], ['visible', 'listening']);
    // One every half second, and at the end a last one: all that the audio thread has played is heard.
    assert.deepEqual(
      before.ends,
      before.ends.map((/** @type {number} */ _, /** @type {number} */ n) => (n + 1) / 2),
    );
    assert.ok(last.heard > last.until - 1, `heard ${last.heard} of ${last.until} s`);
    assert.ok(behind.hidden > 30, `${behind.hidden} predictions while hidden`);
    assert.ok(before.ends.length > behind.ends.length);
    assert.deepEqual([last.told, last.tracks], [[], ['ended']]);
  },
);
