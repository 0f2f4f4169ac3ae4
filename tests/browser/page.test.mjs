// The page itself: what it asks of the network, what its policy says, that nothing jumps, and that it works offline.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertClipAnswer } from './answers.mjs';
import {
  SPEECH,
  clipAnswer,
  liveAnswer,
  missing,
  shoot,
  startHearing,
  startSite,
  stateLine,
  visit,
} from './harness.mjs';

describe('page', { skip: missing() }, () => {
  /** @type {import('./harness.mjs').Site} */
  let site;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    site = await startSite();
    browser = await startHearing(join(SPEECH, 'door.wav'));
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  test('a whole visit asks nothing of another host and sends nothing', async () => {
    site.received.length = 0;
    const { page, requests, faults } = await visit(browser, site.url);
    await stateLine(page, /^Ready/);
    await page.getByRole('button', { name: 'Speak' }).click();
    await liveAnswer(page);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateLine(page, /^Stopped/);
    await page.locator('#file').setInputFiles(join(SPEECH, 'eleven.wav'));
    assertClipAnswer(await clipAnswer(page, 'eleven.wav'));
    await page.locator('#look').click();
    await stateLine(page, /^Seen: eleven.wav/, '#inside-state');
    for (const kind of ['JSON', 'CSV', 'PNG']) {
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: kind, exact: true }).click();
      await (await saved).path();
    }
    await page.locator('[data-sample="plain.mp3"]').click();
    assertClipAnswer(await clipAnswer(page, 'Plain'));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto(new URL('model-card.html', site.url).href);

    const urls = requests.map((request) => request.url()).filter((url) => !url.startsWith('blob:'));
    for (const ending of [/speech_emotion_bg-\w+\.wasm$/, /features_bg-\w+\.wasm$/, /plain-\w+\.mp3$/]) {
      assert.ok(
        urls.some((url) => ending.test(url)),
        `expected to see ${ending}, which workers fetch too`,
      );
    }
    assert.deepEqual(
      urls.filter((url) => !url.startsWith(site.url)),
      [],
    );
    assert.deepEqual(
      requests.filter((request) => request.postDataBuffer() !== null || request.method() !== 'GET'),
      [],
    );
    // What the host has received, the service worker's requests included.
    assert.ok(site.received.length >= urls.length / 2);
    const sending = site.received.filter(
      ({ method, url, bytes }) => method !== 'GET' || bytes > 0 || url.includes('?'),
    );
    assert.deepEqual(sending, []);
    assert.deepEqual(await faults(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
    await page.context().close();
  });

  test('the policy is strict, and refuses another host', async () => {
    const { page, faults } = await visit(browser, site.url);
    const policy = await page.locator('meta[http-equiv]').getAttribute('content');
    assert.match(
      policy ?? '',
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/,
    );
    assert.doesNotMatch(policy ?? '', /unsafe-inline|'unsafe-eval'|\*|https?:/);
    const answer = await page.evaluate(() => fetch('http://localhost:9/').catch((error) => error.name));
    assert.equal(answer, 'TypeError');
    assert.match((await faults()).join('\n'), /connect-src http:\/\/localhost:9/);
    await page.context().close();
  });

  test('after the first visit it opens and answers without a connection, the model card too', async () => {
    const { page, faults } = await visit(browser, site.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.context().setOffline(true);
    const before = site.received.length;
    await page.reload();
    await stateLine(page, /^Ready/);
    await page.locator('[data-sample="loud.mp3"]').click();
    assertClipAnswer(await clipAnswer(page));
    await page.getByRole('link', { name: 'Model card', exact: true }).click();
    await page.getByRole('heading', { name: 'Who was in the data' }).waitFor();
    // The browser itself looks for a newer service worker, whatever the page's connection.
    const asked = site.received.slice(before).filter(({ url }) => !url.endsWith('/sw.js'));
    assert.deepEqual(asked, []);
    assert.deepEqual(
      (await faults()).filter((fault) => !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(fault)),
      [],
    );
    await page.context().close();
  });

  test('it can be installed', async () => {
    const { page } = await visit(browser, site.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const session = await page.context().newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // Playwright's contexts are like private windows, which install nothing.
    const errors = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    assert.deepEqual(errors, []);
    await page.context().close();
  });

  test('nothing jumps through a whole visit', async () => {
    const { page } = await visit(browser, site.url, { viewport: { width: 390, height: 844 } });
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('section, canvas, .bars, .speak')].map((part) =>
          Math.round(part.getBoundingClientRect().top + scrollY),
        ),
      );
    const still = await places();
    await stateLine(page, /^Ready/);
    assert.deepEqual(await places(), still);
    await page.getByRole('button', { name: 'Speak' }).click();
    await liveAnswer(page);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateLine(page, /^Stopped/);
    await page.locator('[data-sample="hum.mp3"]').click();
    await clipAnswer(page);
    await page.locator('[data-sample="bright.mp3"]').click();
    await clipAnswer(page, 'High');
    const shifts = await page.evaluate(
      () =>
        new Promise((resolve) => {
          new PerformanceObserver((list) => {
            const shifts = list.getEntries().map((entry) => /** @type {any} */ (entry));
            // With what moved, for whoever has to find it.
            const of = shifts.map(({ value, sources }) => [
              value,
              ...sources.map((/** @type {any} */ { node }) => node?.id || node?.className || node?.nodeName),
            ]);
            resolve({ sum: shifts.reduce((sum, { value }) => sum + value, 0), of });
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve({ sum: 0, of: [] }), 500);
        }),
    );
    const { sum, of } = /** @type {{ sum: number, of: unknown[] }} */ (shifts);
    assert.ok(sum < 0.02, `expected a still page, got shifts of ${sum}: ${JSON.stringify(of)}`);
    await shoot(page, 'phone');
    await page.context().close();
  });

  test('the model card page holds the card’s figures, its matrix and what it is not for', async () => {
    const { page, faults } = await visit(browser, new URL('model-card.html', site.url).href);
    const text = await page.locator('main').innerText();
    const card = JSON.parse(
      await (
        await import('node:fs/promises')
      ).readFile(new URL('../../src/model/card.json', import.meta.url), 'utf8'),
    );
    for (const [id, { wa, ci95, n }] of Object.entries(card.protocols)) {
      for (const figure of [id, (100 * wa).toFixed(1), String(n), (100 * ci95[0]).toFixed(1)]) {
        assert.ok(text.includes(figure), `expected ${figure} of ${id}`);
      }
    }
    for (const line of [...card.not_for, card.licences.RAVDESS, card.licences.SAVEE])
      assert.ok(text.includes(line), line);
    assert.match(text, /AI Act, article 5\(1\)\(f\)/);
    assert.equal(await page.locator('.confusion tbody td:not(.total)').count(), 64);
    await shoot(page, 'model-card');
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });
});
