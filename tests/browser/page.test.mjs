// The page itself: what it asks of the network, what its policy says, and that it fits and can be used.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertAnswer } from './answers.mjs';
import {
  SPEECH,
  missing,
  shownAnswer,
  startBrowser,
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
    await stateLine(page, /^Listening/);
    await page.waitForTimeout(2500);
    await page.getByRole('button', { name: 'Stop' }).click();
    assertAnswer(await shownAnswer(page));
    await page.locator('#file').setInputFiles(join(SPEECH, 'eleven.wav'));
    await page.locator('#clip', { hasText: 'eleven.wav' }).waitFor();
    assertAnswer(await shownAnswer(page));

    const urls = requests.map((request) => request.url());
    assert.ok(
      urls.some((url) => url.endsWith('.wasm')),
      'expected to see what the worker fetches too',
    );
    assert.deepEqual(
      urls.filter((url) => !url.startsWith(site.url)),
      [],
    );
    assert.deepEqual(
      requests.filter((request) => request.postDataBuffer() !== null),
      [],
    );
    const sending = site.received.filter(({ method, bytes }) => method !== 'GET' || bytes > 0);
    assert.deepEqual(sending, []);
    assert.deepEqual(await faults(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
    await page.context().close();
  });

  test('the policy refuses another host', async () => {
    const { page, faults } = await visit(browser, site.url);
    const answer = await page.evaluate(() => fetch('http://localhost:9/').catch((error) => error.name));
    assert.equal(answer, 'TypeError');
    assert.match((await faults()).join('\n'), /connect-src http:\/\/localhost:9/);
    await page.context().close();
  });

  test('nothing jumps, and nothing is wider than a phone of 320 pixels', async () => {
    const { page } = await visit(browser, site.url, { viewport: { width: 320, height: 640 } });
    await stateLine(page, /^Ready/);
    const places = () =>
      page.evaluate(() => {
        const parts = [...document.querySelectorAll('button, canvas, ol, footer')];
        return {
          parts: parts.map((part) => Math.round(part.getBoundingClientRect().top + scrollY)),
          sideways: document.documentElement.scrollWidth > innerWidth,
        };
      });
    const still = await places();
    assert.equal(still.sideways, false);
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /^Listening/);
    assert.deepEqual(await places(), still);
    await page.waitForTimeout(2000);
    await page.getByRole('button', { name: 'Stop' }).click();
    assertAnswer(await shownAnswer(page));
    assert.deepEqual(await places(), still);
    await page.context().close();
  });

  test('the keyboard reaches every control, with a visible focus', async () => {
    const { page } = await visit(browser, site.url);
    const reached = [];
    for (let stop = 0; stop < 4; stop++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => {
          const element = /** @type {HTMLElement} */ (document.activeElement);
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          return `${element.id || element.getAttribute('href')} ${outlineStyle} ${outlineWidth}`;
        }),
      );
    }
    assert.deepEqual(reached, [
      '#check solid 3px',
      'speak solid 3px',
      'choose solid 3px',
      './pkg/MODEL_CARD.md solid 3px',
    ]);
    await page.context().close();
  });

  // Taken from the processor: V8 then has none for WebAssembly either.
  const skip = process.arch === 'x64' ? false : 'left out: only on x86-64 can SIMD be taken away by a flag';
  test('a browser without WebAssembly SIMD is told so', { skip }, async (context) => {
    const old = await startBrowser('--js-flags=--no-enable-sse4-1');
    context.after(() => old.close());
    const { page } = await visit(old, site.url);
    await stateLine(page, /lacks WebAssembly SIMD.*Update it/);
  });

  test('the model card, which the page links to, is there', async () => {
    const { page } = await visit(browser, site.url);
    const response = await page.request.get(new URL('./pkg/MODEL_CARD.md', site.url).href);
    assert.equal(response.status(), 200);
    await page.context().close();
  });
});
