// A file, chosen or dropped: any audio that the browser decodes gets an answer, anything else a sentence.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertAnswer } from './answers.mjs';
import {
  SPEECH,
  missing,
  recording,
  shownAnswer,
  startBrowser,
  startSite,
  stateLine,
  visit,
  wav,
} from './harness.mjs';

describe('file', { skip: missing() }, () => {
  /** @type {import('./harness.mjs').Site} */
  let site;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    site = await startSite();
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  /**
   * Chooses bytes as a file on a fresh page.
   * @param {string} name
   * @param {Buffer} buffer
   */
  async function choose(name, buffer) {
    const { page, faults } = await visit(browser, site.url);
    await page.locator('#file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    return { page, faults };
  }

  test('generated speech, chosen', async () => {
    const { page, faults } = await choose('door.wav', await readFile(join(SPEECH, 'door.wav')));
    assertAnswer(await shownAnswer(page));
    assert.equal(await page.locator('#clip').innerText(), 'door.wav');
    assert.equal(await page.locator('#length').innerText(), '2.0 s');
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('generated speech, dropped', async () => {
    const { page, faults } = await visit(browser, site.url);
    const base64 = (await readFile(join(SPEECH, 'eleven.wav'))).toString('base64');
    const transfer = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))], 'eleven.wav'));
      return data;
    }, base64);
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    assertAnswer(await shownAnswer(page));
    assert.equal(await page.locator('#clip').innerText(), 'eleven.wav');
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('a file is answered without a connection', async () => {
    const { page } = await visit(browser, site.url);
    await stateLine(page, /^Ready/);
    await page.context().setOffline(true);
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    assertAnswer(await shownAnswer(page));
    await page.context().close();
  });

  test('silence has no speech, and the next file gets its answer', async () => {
    const { page } = await choose('silence.wav', wav(2));
    const { answer, spoken, numbers } = await shownAnswer(page);
    assert.equal(answer.trim(), 'No speech found');
    assert.match(spoken, /^No speech found\. \d\s% of the clip is speech\.$/);
    assert.deepEqual(new Set(numbers), new Set(['–']));
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    await page.locator('#clip', { hasText: 'door.wav' }).waitFor();
    assertAnswer(await shownAnswer(page));
    await page.context().close();
  });

  const sentences = /** @type {[string, Buffer, RegExp][]} */ ([
    ['a text file', Buffer.from('not audio'), /^This browser cannot decode that file\. Choose another/],
    ['an empty file', Buffer.alloc(0), /^This browser cannot decode that file\. Choose another/],
    [
      '0.2 s of audio',
      wav(0.2, (second) => Math.sin(second * 2000) / 2),
      /^That was too short: .*Speak a whole/,
    ],
  ]);
  for (const [what, bytes, pattern] of sentences) {
    test(`${what}: a sentence that says what to do`, async () => {
      const { page, faults } = await choose('clip.wav', bytes);
      const sentence = await stateLine(page, pattern);
      assert.equal(await page.locator('#announcement').innerText(), sentence);
      assert.equal(await page.locator('body').getAttribute('data-phase'), 'idle');
      assert.deepEqual(await faults(), []);
      await page.context().close();
    });
  }

  for (const path of [
    'RAVDESS/Actor_12/03-01-05-02-02-01-12.ogg',
    'CREMA-D/AudioWAV/1091_WSI_HAP_XX.ogg',
    'TESS/OAF_fear/OAF_food_fear.ogg',
    'SAVEE/DC/su03.ogg',
  ]) {
    const { file, skip } = recording(path);
    test(`real speech: ${path}`, { skip }, async () => {
      const { page, faults } = await visit(browser, site.url);
      await page.locator('#file').setInputFiles(file);
      assertAnswer(await shownAnswer(page));
      assert.deepEqual(await faults(), []);
      await page.context().close();
    });
  }
});
