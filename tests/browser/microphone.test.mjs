// Chromium hears a wav file as its microphone, through getUserMedia and the worklets, and the page answers while it does.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertAnswer, assertNoSpeech, coloursOf } from './answers.mjs';
import {
  SPEECH,
  fileLine,
  liveAnswer,
  missing,
  recording,
  shoot,
  shown,
  startHearing,
  startSite,
  stateLine,
  visit,
  wav,
} from './harness.mjs';

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
   * Opens the page with a file as its microphone and presses the button.
   * @param {import('node:test').TestContext} context
   * @param {string} file
   */
  async function speak(context, file) {
    const browser = await startHearing(file);
    context.after(() => browser.close());
    const { page, faults } = await visit(browser, site.url);
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /^Listening/);
    return { page, faults };
  }

  test('it shows what it hears while it hears it, and releases everything', async (context) => {
    const { page, faults } = await speak(context, join(SPEECH, 'door.wav'));
    assert.match(await page.locator('#state').innerText(), /, [\d.]+ kHz, unprocessed\.$/);
    assertAnswer(await liveAnswer(page));
    await page.waitForFunction(
      () => Number(document.querySelector('#meter')?.getAttribute('aria-valuenow')) > -50,
    );
    await page.locator('#lanes[aria-label*="0:04"]').waitFor();
    assert.ok((await coloursOf(page, '#scope')) >= 32, 'expected a spectrogram');
    assert.ok((await coloursOf(page, '#lanes')) >= 6, 'expected marks in the lanes');
    assert.match(
      String(await page.locator('#scope').getAttribute('aria-label')),
      /last ten seconds, scrolling/,
    );
    await shoot(page, 'listening');

    await page.getByRole('button', { name: 'Stop' }).click();
    await stateLine(page, /^Stopped after 0:\d\d\. The microphone is off\.$/);
    assertAnswer(await shown(page, ''));
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
    assert.deepEqual(await faults(), []);
  });

  test('a second time works as the first did, by the keyboard, and what was said last can be looked into', async (context) => {
    const { page, faults } = await speak(context, join(SPEECH, 'eleven.wav'));
    await liveAnswer(page);
    await page.keyboard.press('Enter');
    await stateLine(page, /^Stopped/);
    await page.keyboard.press('Enter');
    await stateLine(page, /^Listening/);
    assertAnswer(await liveAnswer(page));
    await page.keyboard.press('Enter');
    await stateLine(page, /what you said last, \d/, '#inside-state');
    await page.locator('#look').click();
    await stateLine(page, /^Seen: what you said last/, '#inside-state');
    assert.deepEqual(await faults(), []);
  });

  test('only what has settled is said to a screen reader', async (context) => {
    const { page } = await speak(context, join(SPEECH, 'door.wav'));
    await page.evaluate(() => {
      const line = /** @type {HTMLElement} */ (document.querySelector('#announcement'));
      const said = Object.assign(globalThis, { said: /** @type {string[]} */ ([]) }).said;
      new MutationObserver(() => said.push(line.textContent ?? '')).observe(line, { childList: true });
    });
    await page.locator('#lanes[aria-label*="0:07"]').waitFor();
    const said = await page.evaluate(() => /** @type {string[]} */ (Reflect.get(globalThis, 'said')));
    // Fourteen answers by then, which may be said no oftener than every four seconds.
    assert.ok(said.length >= 1 && said.length <= 2, `expected one or two, got ${said.join(', ')}`);
    for (const text of said) assert.match(text, /^(Not sure|[A-Z][a-z]+)$/);
    assert.equal(await page.locator('[aria-live]').count(), 1);
  });

  test('a silent microphone has no speech, and the page says so', async (context) => {
    const file = join(folder, 'silence.wav');
    await writeFile(file, wav(3));
    const { page } = await speak(context, file);
    await page.locator('#answer', { hasText: 'No speech' }).waitFor();
    assertNoSpeech(await shown(page, ''));
    await shoot(page, 'no-speech');
  });

  test('an unplugged microphone: a sentence that says what to do, and the page goes on', async (context) => {
    const { page } = await speak(context, join(SPEECH, 'door.wav'));
    await liveAnswer(page);
    await page.evaluate(() => {
      const [track] = /** @type {any} */ (globalThis).takenTracks;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    });
    const sentence = await stateLine(page, /unplugged or switched off\. Connect it/);
    assert.equal(await page.locator('#announcement').innerText(), sentence);
    await shoot(page, 'unplugged');
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /^Listening/);
    await page.locator('[data-sample="plain.mp3"]').click();
    await fileLine(page, /^Plain.*analysed/);
    await stateLine(page, /^Stopped/);
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
      assertAnswer(await liveAnswer(page));
    });
  }
});
