// What a visitor chooses: it holds, it is kept, and audio never is. And a look inside the last clip.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertAnswer, assertNoSpeech, coloursOf } from './answers.mjs';
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

describe('choices', { skip: missing() }, () => {
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

  test('gate and smoothing hold, are kept, and go back to the defaults', async () => {
    const { page } = await visit(browser, site.url);
    const set = (/** @type {string} */ id, /** @type {string} */ value) =>
      page.locator(id).evaluate((slider, to) => {
        /** @type {HTMLInputElement} */ (slider).value = to;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }, value);
    await set('#gate', '0.9');
    await set('#smoothing', '3');
    await page.reload();
    assert.match(await page.locator('#gate-value').innerText(), /at least 90/);
    assert.match(await page.locator('#smoothing-value').innerText(), /^3/);
    const kept = await page.evaluate(() => Object.entries(localStorage));
    assert.deepEqual(kept, [
      ['speech-emotion.choices', '{"device":"","gate":0.9,"smoothing":3,"baseline":null}'],
    ]);
    // 61 % of it is speech.
    await page.locator('#file').setInputFiles(join(SPEECH, 'eleven.wav'));
    await clipAnswer(page, 'eleven.wav');
    await page.getByRole('button', { name: 'Back to the defaults' }).click();
    assert.equal(await page.locator('#gate-value').innerText(), 'as measured');
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await page.context().close();
  });

  test('a stricter gate lets less through', async () => {
    const { page } = await visit(browser, site.url);
    await page.locator('[data-sample="low.mp3"]').click();
    await clipAnswer(page, 'Low');
    const spoken = async () =>
      String(await page.locator('#course').getAttribute('aria-label')).includes('no speech');
    assert.equal(await spoken(), false);
    await page.locator('#gate').focus();
    await page.keyboard.press('End');
    await page.locator('[data-sample="hum.mp3"]').click();
    assertNoSpeech(await clipAnswer(page, 'A hum'));
    await page.locator('[data-sample="low.mp3"]').click();
    await clipAnswer(page, 'Low');
    assert.equal(await spoken(), true);
    await page.context().close();
  });

  test('the microphone that was chosen is the one that is heard', async () => {
    const { page } = await visit(browser, site.url);
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /^Listening: Fake/);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateLine(page, /^Stopped/);
    const names = await page.locator('#device option').allInnerTexts();
    assert.ok(names.length >= 2, `expected the microphones by name, got ${names.join(', ')}`);
    const wanted = names.at(-1) ?? '';
    await page.locator('#device').selectOption({ label: wanted });
    await page.getByRole('button', { name: 'Speak' }).click();
    const line = await stateLine(page, /^Listening/);
    assert.ok(line.startsWith(`Listening: ${wanted},`), line);
    assertAnswer(await liveAnswer(page));
    await page.context().close();
  });

  test('calibration to a neutral voice, and back', async () => {
    const { page, faults } = await visit(browser, site.url);
    await page.getByRole('button', { name: 'Calibrate' }).click();
    await stateLine(page, /^Listening, \d s left/, '#calibration');
    await stateLine(page, /^Calibrated: your voice is at −\d+ dB/, '#calibration');
    await stateLine(page, /The microphone is off/);
    // Kept as numbers, and heard against on the next visit too.
    const kept = await page.evaluate(() =>
      JSON.parse(localStorage.getItem('speech-emotion.choices') ?? '{}'),
    );
    assert.deepEqual(Object.keys(kept.baseline), ['level', 'speech', 'scale']);
    assert.equal(kept.baseline.scale.length, 101);
    const bars = async () => {
      await page.locator('[data-sample="plain.mp3"]').click();
      return (await clipAnswer(page, 'Plain')).numbers;
    };
    const calibrated = await bars();
    await page.reload();
    await stateLine(page, /^Calibrated: your voice is at −\d+ dB/, '#calibration');
    assert.deepEqual(await bars(), calibrated);
    await page.getByRole('button', { name: 'Forget it' }).click();
    await stateLine(page, /^Read this out/, '#calibration');
    assert.notDeepEqual(await bars(), calibrated);
    assert.equal(await page.getByRole('button', { name: 'Forget it' }).count(), 0);
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('a look inside: the input features, and the moments that the answer leant on', async () => {
    const { page, faults } = await visit(browser, site.url);
    await page.locator('[data-sample="bright.mp3"]').click();
    await clipAnswer(page);
    const before = [await coloursOf(page, '#features'), await coloursOf(page, '#occlusion')];
    await page.locator('#look').click();
    await stateLine(page, /^Seen: High and quick/, '#inside-state');
    assert.match(
      await page.locator('#inside-answer').innerText(),
      /^The clip as it is: \w+, \d+\s%\. Without \d/,
    );
    const after = [await coloursOf(page, '#features'), await coloursOf(page, '#occlusion')];
    assert.ok((after[0] ?? 0) > 2 * (before[0] ?? 0), 'expected a picture of the features');
    assert.ok((after[1] ?? 0) > (before[1] ?? 0), 'expected a curve');
    // The curve is what the network says without each moment: it moves, and stays a probability.
    const told = String(await page.locator('#occlusion').getAttribute('aria-label'));
    const scores = [...told.matchAll(/ s (?:<\s)?(\d+)\s%/g)].map(([, score]) => Number(score));
    assert.ok(scores.length > 20 && new Set(scores).size > 3, told);
    assert.ok(Math.max(...scores) <= 100);
    await page.locator('#inside').scrollIntoViewIfNeeded();
    await shoot(page, 'inside');
    await page.locator('[data-sample="hum.mp3"]').click();
    await clipAnswer(page, 'A hum');
    await page.locator('#look').click();
    await page.locator('#inside-answer', { hasText: 'No speech was found in this clip' }).waitFor();
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });
});
