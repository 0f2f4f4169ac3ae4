// Chromium hears a wav file as its microphone, through getUserMedia and the capture worklet, and the page answers.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import {
  SPEECH,
  missing,
  recording,
  shownAnswer,
  startBrowser,
  startHearing,
  startSite,
  stateLine,
  visit,
  wav,
} from './harness.mjs';
import { assertAnswer } from './answers.mjs';

/** How long the page is let listen, ms: longer than each file, which begins again at its end. */
const LISTEN_MS = 4000;

describe('microphone', { skip: missing() }, () => {
  /** @type {import('./harness.mjs').Site} */
  let site;
  /** @type {string} */
  let folder;
  before(async () => {
    site = await startSite();
    folder = await mkdtemp(join(tmpdir(), 'speech-emotion-'));
  });
  after(async () => {
    await site.close();
    await rm(folder, { recursive: true });
  });

  /**
   * @param {import('node:test').TestContext} context
   * @param {string} file
   */
  async function speak(context, file) {
    const browser = await startHearing(file);
    context.after(() => browser.close());
    const { page, faults } = await visit(browser, site.url);
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /^Listening/);
    await page.waitForTimeout(LISTEN_MS);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stateLine(page, /^Answered/);
    return { page, faults };
  }

  test('generated speech gets an answer, and everything is released', async (context) => {
    const { page, faults } = await speak(context, join(SPEECH, 'door.wav'));
    assertAnswer(await shownAnswer(page));
    const taken = await page.evaluate(() => {
      const { takenTracks, takenContexts } = /** @type {any} */ (globalThis);
      return {
        tracks: takenTracks.map((/** @type {MediaStreamTrack} */ track) => track.readyState),
        contexts: takenContexts.map((/** @type {any} */ { context, options }) => ({
          state: context.state,
          sampleRate: options?.sampleRate,
        })),
      };
    });
    assert.deepEqual(taken, { tracks: ['ended'], contexts: [{ state: 'closed', sampleRate: undefined }] });
    assert.match(
      await page.locator('#clip').innerText(),
      /[\d.]+ kHz; off: echo cancellation, noise suppression, gain control$/,
    );
    assert.match(
      String(await page.locator('#waveform').getAttribute('aria-label')),
      /^Waveform of [3-6]\.\d seconds, loudest after/,
    );
    assert.match(await page.locator('#length').innerText(), /^[3-6]\.\d s$/);
    assert.deepEqual(await faults(), []);
  });

  test('a second recording works as the first did', async (context) => {
    const { page, faults } = await speak(context, join(SPEECH, 'eleven.wav'));
    await page.keyboard.press('Enter');
    await stateLine(page, /^Listening/);
    await page.waitForTimeout(LISTEN_MS);
    await page.keyboard.press('Enter');
    assertAnswer(await shownAnswer(page));
    assert.deepEqual(await faults(), []);
  });

  test('a silent microphone has no speech', async (context) => {
    const file = join(folder, 'silence.wav');
    await writeFile(file, wav(3));
    const { page } = await speak(context, file);
    const { answer, numbers } = await shownAnswer(page);
    assert.equal(answer.trim(), 'No speech found');
    assert.deepEqual(new Set(numbers), new Set(['–']));
  });

  test('a recording ends by itself after 15 seconds', async (context) => {
    const browser = await startHearing(join(SPEECH, 'door.wav'));
    context.after(() => browser.close());
    const { page } = await visit(browser, site.url);
    await page.getByRole('button', { name: 'Speak' }).click();
    assertAnswer(await shownAnswer(page));
    assert.match(await page.locator('#length').innerText(), /^15\.\d s$/);
  });

  test('permission denied: a sentence that says what to do, and files still work', async (context) => {
    const browser = await startBrowser(
      '--use-fake-ui-for-media-stream=deny',
      '--use-fake-device-for-media-stream',
    );
    context.after(() => browser.close());
    const { page } = await visit(browser, site.url);
    await stateLine(page, /^Ready/);
    await page.getByRole('button', { name: 'Speak' }).click();
    const sentence = await stateLine(page, /microphone is blocked for this page\. Allow it/);
    assert.equal(await page.locator('#announcement').innerText(), sentence);
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    assertAnswer(await shownAnswer(page));
  });

  test('no microphone: a sentence that says what to do', async (context) => {
    const browser = await startBrowser('--use-fake-ui-for-media-stream');
    context.after(() => browser.close());
    const { page } = await visit(browser, site.url);
    const devices = await page.evaluate(() => navigator.mediaDevices.enumerateDevices());
    if (devices.some(({ kind }) => kind === 'audioinput')) {
      context.skip('left out: this machine has a microphone');
    } else {
      await page.getByRole('button', { name: 'Speak' }).click();
      await stateLine(page, /^No microphone was found\. Connect one/);
    }
  });

  test('an insecure page: a sentence that says what to do', async (context) => {
    const browser = await startBrowser();
    context.after(() => browser.close());
    const { page } = await visit(browser, site.insecureUrl);
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /only to pages served over https or from localhost/);
  });

  for (const path of [
    'originals:RAVDESS/Actor_01/03-01-02-01-01-02-01.wav',
    'originals:CREMA-D/AudioWAV/1001_DFA_ANG_XX.wav',
    'originals:TESS/OAF_fear/OAF_food_fear.wav',
    'originals:SAVEE/DC/a01.wav',
  ]) {
    const { file, skip } = recording(path);
    test(`real speech: ${path}`, { skip }, async (context) => {
      const { page } = await speak(context, file);
      assertAnswer(await shownAnswer(page));
    });
  }
});
