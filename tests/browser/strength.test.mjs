// What happens to a page that listens: everything is reported, nothing hangs, and listening can begin again.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { SPEECH, missing, startBrowser, startHearing } from './harness.mjs';
import { openHost, startHost } from './host.mjs';

/** @typedef {typeof import('../../pkg-template/index.js')} Package */
/** @typedef {import('playwright-core').Page} Page */

/** Given to every page: what the tests below say of sessions. */
function tools() {
  const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /**
   * A session that counts what it hears and notes how it ends.
   * @param {any} recognizer
   * @param {object} [options]
   */
  const hear = async (recognizer, options) => {
    /** @type {{ levels: number, predictions: number, told: string[], session?: any }} */
    const heard = { levels: 0, predictions: 0, told: [] };
    heard.session = await recognizer.listen({
      onLevel: () => (heard.levels += 1),
      onPrediction: () => (heard.predictions += 1),
      onDeviceLost: () => heard.told.push('device lost'),
      onError: (/** @type {any} */ error) => heard.told.push(error.code ?? error.message),
      ...options,
    });
    return heard;
  };
  /** Waits for something to hold, but not for ever. @param {() => unknown} holds */
  const until = async (holds, ms = 10_000) => {
    for (const end = performance.now() + ms; !holds() && performance.now() < end;) await wait(5);
    if (!holds()) throw new Error(`expected ${holds} within ${ms} ms`);
  };
  /** Whether a session hears something, from its beginning to its end. @param {any} recognizer */
  const works = async (recognizer) => {
    const heard = await hear(recognizer);
    await until(() => heard.levels > 1);
    await heard.session.stop();
    return heard.told.length === 0;
  };
  Object.assign(globalThis, { wait, hear, until, works });
}

describe('strength', { skip: missing() }, () => {
  /** @type {import('./host.mjs').Host} */
  let host;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    host = await startHost();
    browser = await startHearing(join(SPEECH, 'door.wav'), '--autoplay-policy=no-user-gesture-required');
  });
  after(async () => {
    await browser.close();
    host.close();
  });

  /**
   * @param {string} title
   * @param {(page: Page, context: import('playwright-core').BrowserContext) => Promise<void>} work
   */
  function inPage(title, work) {
    test(title, { timeout: 120_000 }, async () => {
      const { context, page, faults } = await openHost(browser, host);
      await page.evaluate(tools);
      await work(page, context);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }

  inPage('the device is removed', async (page) => {
    const found = await page.evaluate(async () => {
      const { Package, hear, until, works } = /** @type {any} */ (globalThis);
      const recognizer = await Package.Recognizer.load();
      const heard = await hear(recognizer);
      await until(() => heard.levels > 1);
      // As browsers do it: the track has ended when its event comes.
      const [track] = heard.session.stream.getTracks();
      track.stop();
      track.dispatchEvent(new Event('ended'));
      await until(() => heard.told.length > 0);
      return [heard.told, heard.session.state, await works(recognizer)];
    });
    assert.deepEqual(found, [['device lost'], 'stopped', true]);
  });

  test('the permission is revoked, and given again', { timeout: 120_000 }, async (t) => {
    // One that has permissions, where the others grant whatever is asked for.
    const asking = await startBrowser(
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    );
    t.after(() => asking.close());
    const { context, page, faults } = await openHost(asking, host);
    await context.grantPermissions(['microphone']);
    await page.evaluate(tools);
    await page.evaluate(async () => {
      const { Package, hear, until } = /** @type {any} */ (globalThis);
      const recognizer = await Package.Recognizer.load();
      const heard = await hear(recognizer);
      await until(() => heard.levels > 1);
      Object.assign(globalThis, { heard, recognizer });
    });
    await context.clearPermissions();
    const revoked = await page.evaluate(async () => {
      const { heard, recognizer, until } = /** @type {any} */ (globalThis);
      await until(() => heard.told.length > 0);
      const again = await recognizer.listen().catch((/** @type {any} */ error) => error.code);
      return [heard.told, heard.session.state, again];
    });
    assert.deepEqual(revoked, [['device lost'], 'stopped', 'microphone-denied']);
    await context.grantPermissions(['microphone']);
    const works = await page.evaluate(() => {
      const { recognizer, works } = /** @type {any} */ (globalThis);
      return works(recognizer);
    });
    assert.equal(works, true);
    assert.deepEqual(faults, []);
  });

  inPage('the tab is frozen in the background, and comes back', async (page, context) => {
    await page.evaluate(async () => {
      const { Package, hear, until } = /** @type {any} */ (globalThis);
      const recognizer = await Package.Recognizer.load();
      const heard = await hear(recognizer);
      await until(() => heard.predictions > 1);
      Object.assign(globalThis, { heard, recognizer });
    });
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await page.waitForTimeout(3_000);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    const found = await page.evaluate(async () => {
      const { heard, recognizer, until, works } = /** @type {any} */ (globalThis);
      const before = heard.predictions;
      await until(() => heard.predictions > before + 1);
      await heard.session.stop();
      return [heard.told, heard.session.state, await works(recognizer)];
    });
    assert.deepEqual(found, [[], 'stopped', true]);
  });

  inPage('the context is interrupted, and closed by its owner', async (page) => {
    const found = await page.evaluate(async () => {
      const { Package, hear, until, works } = /** @type {any} */ (globalThis);
      const recognizer = await Package.Recognizer.load();
      const audioContext = new AudioContext();
      const heard = await hear(recognizer, { audioContext });
      await until(() => heard.levels > 1);
      await audioContext.suspend();
      const before = heard.levels;
      await until(() => heard.levels > before + 2);
      const resumed = [heard.told.length, heard.session.state];
      await audioContext.close();
      await until(() => heard.told.length > 0);
      const live = heard.session.stream
        .getTracks()
        .some((/** @type {any} */ track) => track.readyState === 'live');
      return [resumed, heard.told, heard.session.state, live, await works(recognizer)];
    });
    assert.deepEqual(found, [[0, 'listening'], ['no-audio'], 'stopped', false, true]);
  });

  inPage('the worker is killed', async (page) => {
    await page.evaluate(async () => {
      const { Package, hear, until } = /** @type {any} */ (globalThis);
      const recognizer = await Package.Recognizer.load();
      const heard = await hear(recognizer);
      await until(() => heard.levels > 1);
      const clip = recognizer.analyze(new Float32Array(48_000 * 600), { sampleRate: 48_000 });
      const refused = clip.catch((/** @type {any} */ error) => error.code);
      Object.assign(globalThis, { heard, recognizer, refused });
    });
    await page.workers()[0]?.evaluate(() => globalThis.close());
    const found = await page.evaluate(async () => {
      const { Package, heard, recognizer, refused, until, works } = /** @type {any} */ (globalThis);
      await until(() => heard.told.length > 0);
      const live = heard.session.stream
        .getTracks()
        .some((/** @type {any} */ track) => track.readyState === 'live');
      const again = await recognizer.listen().catch((/** @type {any} */ error) => error.code);
      recognizer.dispose();
      const fresh = await Package.Recognizer.load();
      return [heard.told, heard.session.state, live, await refused, again, await works(fresh)];
    });
    assert.deepEqual(found, [['worker-failed'], 'stopped', false, 'worker-failed', 'worker-failed', true]);
  });

  inPage('two recognizers listen at once', async (page) => {
    const found = await page.evaluate(async () => {
      const { Package, hear, until, works } = /** @type {any} */ (globalThis);
      const [one, two] = await Promise.all([Package.Recognizer.load(), Package.Recognizer.load()]);
      const [first, second] = await Promise.all([hear(one), hear(two)]);
      await until(() => first.predictions > 1 && second.predictions > 1);
      one.dispose();
      await until(() => first.session.state === 'stopped');
      const before = second.predictions;
      await until(() => second.predictions > before);
      await second.session.stop();
      return [first.told, second.told, await works(two)];
    });
    assert.deepEqual(found, [[], [], true]);
  });

  inPage('start and stop, hammered 200 times', async (page) => {
    const found = await page.evaluate(async () => {
      const { Package, wait, works } = /** @type {any} */ (globalThis);
      /** @type {MediaStreamTrack[]} */
      const tracks = [];
      const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await getUserMedia(constraints);
        tracks.push(...stream.getTracks());
        return stream;
      };
      const recognizer = await Package.Recognizer.load();
      const ends = { stopped: 0, givenUp: 0 };
      /** @type {unknown[]} */
      const other = [];
      // Some are given up before they listen, some stopped at once or twice, some overlap.
      const round = async (/** @type {number} */ n) => {
        const controller = new AbortController();
        if (n % 3 === 0) setTimeout(() => controller.abort(), n % 40);
        try {
          const session = await recognizer.listen({ signal: controller.signal });
          await Promise.all([session.stop(), session.stop()]);
          ends.stopped += 1;
        } catch (error) {
          if (controller.signal.aborted) ends.givenUp += 1;
          else other.push(String(error));
        }
      };
      for (let n = 0; n < 200; n += 2) await Promise.all([round(n), wait(3).then(() => round(n + 1))]);
      const live = tracks.filter(({ readyState }) => readyState === 'live').length;
      return { ...ends, other, live, taken: tracks.length > 0, works: await works(recognizer) };
    });
    assert.deepEqual(found.other, []);
    assert.equal(found.stopped + found.givenUp, 200);
    assert.ok(found.stopped > 0 && found.givenUp > 0, JSON.stringify(found));
    assert.deepEqual([found.live, found.taken, found.works], [0, true, true]);
  });

  inPage('memory is short', async (page) => {
    const session = await browser.newBrowserCDPSession();
    await page.evaluate(async () => {
      const { Package, hear, until } = /** @type {any} */ (globalThis);
      const recognizer = await Package.Recognizer.load();
      const heard = await hear(recognizer);
      await until(() => heard.predictions > 0);
      Object.assign(globalThis, { heard, recognizer });
    });
    for (let n = 0; n < 3; n += 1) {
      await session.send('Memory.simulatePressureNotification', { level: 'critical' });
      await page.waitForTimeout(200);
    }
    const found = await page.evaluate(async () => {
      const { heard, recognizer, until, works } = /** @type {any} */ (globalThis);
      const before = heard.predictions;
      await until(() => heard.predictions > before + 1);
      await heard.session.stop();
      return [heard.told, await works(recognizer)];
    });
    assert.deepEqual(found, [[], true]);
  });
});
