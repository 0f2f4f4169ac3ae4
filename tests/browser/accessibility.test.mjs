// For everyone: axe finds nothing in any state and either theme, and the page can be used by keyboard, at 320 pixels, with
// text twice as large and without motion.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

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

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds, by its WCAG 2.2 AA rules and its best practices.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run();
    return violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map((/** @type {any} */ { html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

describe('accessibility', { skip: missing() }, () => {
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

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe finds nothing, ${colorScheme}: at first, while it listens, with a clip, inside it, the card`, async () => {
      const { page } = await visit(browser, site.url, { colorScheme });
      await stateLine(page, /^Ready/);
      assert.deepEqual(await violations(page), []);
      await shoot(page, `idle-${colorScheme}`);
      await page.getByRole('button', { name: 'Speak' }).click();
      await liveAnswer(page);
      assert.deepEqual(await violations(page), []);
      await page.getByRole('button', { name: 'Stop' }).click();
      await stateLine(page, /^Stopped/);
      await page.locator('[data-sample="bright.mp3"]').click();
      await clipAnswer(page);
      await page.locator('#look').click();
      await stateLine(page, /^Seen/, '#inside-state');
      assert.deepEqual(await violations(page), []);
      await shoot(page, `clip-${colorScheme}`);
      await page
        .locator('#file')
        .setInputFiles({ name: 'a.wav', mimeType: 'audio/wav', buffer: Buffer.from('no') });
      await stateLine(page, /cannot decode/, '#file-state');
      assert.deepEqual(await violations(page), []);
      await page.goto(new URL('model-card.html', site.url).href);
      assert.deepEqual(await violations(page), []);
      await shoot(page, `model-card-${colorScheme}`);
      await page.context().close();
    });
  }

  test('the keyboard reaches every control in the order of the page, with a visible focus', async () => {
    const { page } = await visit(browser, site.url);
    await page.locator('[data-sample="plain.mp3"]').click();
    await clipAnswer(page);
    await page.locator('body').evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    const wanted = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input, select')]
        .filter((element) => element.checkVisibility() && !(/** @type {any} */ (element).disabled))
        .map((element) => element.id || element.getAttribute('href') || element.textContent?.trim()),
    );
    const reached = [];
    // Two more: after the last control the browser itself has the focus, or the page as a whole.
    for (let stop = 0; stop < wanted.length + 2; stop += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = /** @type {HTMLElement} */ (document.activeElement);
        if (element === document.body) return undefined;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const name = element.id || element.getAttribute('href') || element.textContent?.trim();
        return { name, outline: `${outlineStyle} ${outlineWidth}` };
      });
      if (at === undefined) continue;
      assert.equal(at.outline, 'solid 3px', `${at.name} has no visible focus`);
      reached.push(at.name);
    }
    assert.deepEqual(new Set(reached), new Set(wanted));
    await page.context().close();
  });

  for (const [what, width, size] of /** @type {[string, number, string][]} */ ([
    ['320 pixels', 320, '100%'],
    ['text at 200 %', 1280, '200%'],
    ['text at 200 % on a tablet', 768, '200%'],
  ])) {
    test(`${what}: nothing is wider than the page, and no control loses its words`, async () => {
      const { page } = await visit(browser, site.url, { viewport: { width, height: 800 } });
      for (const address of [site.url, new URL('model-card.html', site.url).href]) {
        await page.goto(address);
        await page.evaluate((to) => (document.documentElement.style.fontSize = to), size);
        if (address === site.url) {
          await page.locator('[data-sample="bright.mp3"]').click();
          await clipAnswer(page);
        }
        const found = await page.evaluate(() => {
          const cut = [...document.querySelectorAll('button, .bars li > *, .answer, p, h1, h2, h3')].filter(
            (element) =>
              element.checkVisibility() &&
              element.scrollWidth > element.clientWidth + 1 &&
              element.clientWidth > 1,
          );
          return {
            sideways: document.documentElement.scrollWidth > innerWidth,
            cut: cut.map((element) => element.outerHTML.slice(0, 80)),
          };
        });
        assert.deepEqual(found, { sideways: false, cut: [] });
      }
      await page.goto(site.url);
      await page.evaluate((to) => (document.documentElement.style.fontSize = to), size);
      await shoot(page, what.replace(/\W+/g, '-'));
      await page.context().close();
    });
  }

  test('every canvas has words, and they change with what it shows', async () => {
    const { page } = await visit(browser, site.url);
    const words = () =>
      page
        .locator('canvas')
        .evaluateAll((all) => all.map((canvas) => `${canvas.role} ${canvas.getAttribute('aria-label')}`));
    const before = await words();
    assert.equal(before.length, 7);
    for (const text of before) assert.match(text, /^img \w.{10}/);
    await page.getByRole('button', { name: 'Speak' }).click();
    await liveAnswer(page);
    await page.locator('[data-sample="bright.mp3"]').click();
    await clipAnswer(page);
    await page.locator('#look').click();
    await stateLine(page, /^Seen/, '#inside-state');
    const after = await words();
    for (const [index, text] of after.entries()) assert.notEqual(text, before[index]);
    await page.context().close();
  });

  test('without motion the picture moves twice a second, and no more', async () => {
    const { page } = await visit(browser, site.url, { reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Speak' }).click();
    await liveAnswer(page);
    const frames = await page.evaluate(async () => {
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('#scope'));
      let [changes, last] = [0, ''];
      const frames = 60;
      for (let frame = 0; frame < frames; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = canvas.toDataURL();
        if (now !== last) changes += 1;
        last = now;
      }
      return { changes, frames };
    });
    assert.ok(
      frames.changes < frames.frames / 2,
      `expected a picture that rests, got ${JSON.stringify(frames)}`,
    );
    assert.equal(
      await page
        .locator('.bars i')
        .first()
        .evaluate((bar) => getComputedStyle(bar, '::before').transitionDuration),
      '0s',
    );
    await page.context().close();
  });
});
