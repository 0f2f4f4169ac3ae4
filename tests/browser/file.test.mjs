// A file, chosen or dropped, or a sample: its answer, its pictures and its course, which can be played and saved.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertClipAnswer, assertNoSpeech, coloursOf } from './answers.mjs';
import {
  EMOTIONS,
  SPEECH,
  clipAnswer,
  fileLine,
  missing,
  recording,
  shoot,
  startBrowser,
  startSite,
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
   * Chooses a file on a fresh page.
   * @param {string | { name: string, mimeType: string, buffer: Buffer }} file
   */
  async function choose(file) {
    const { page, faults } = await visit(browser, site.url);
    await page.locator('#file').setInputFiles(file);
    return { page, faults };
  }

  test('generated speech, chosen: answer, waveform, spectrogram and course', async () => {
    const { page, faults } = await choose(join(SPEECH, 'door.wav'));
    assertClipAnswer(await clipAnswer(page, 'door.wav'));
    assert.equal(await page.locator('#length').innerText(), '0:02');
    for (const [canvas, least] of /** @type {[string, number][]} */ ([
      ['#wave', 2],
      ['#spectrogram', 32],
      ['#course', 4],
    ])) {
      assert.ok((await coloursOf(page, canvas)) >= least, `expected a picture in ${canvas}`);
    }
    assert.match(
      String(await page.locator('#wave').getAttribute('aria-label')),
      /^Waveform of 0:02, loudest at 0:0\d$/,
    );
    assert.match(
      String(await page.locator('#course').getAttribute('aria-label')),
      /^Time course: 0:00 to 0:0\d \w/,
    );
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
    assertClipAnswer(await clipAnswer(page, 'eleven.wav'));
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('every sample answers with one click, and says that nobody spoke it', async () => {
    const { page, faults } = await visit(browser, site.url);
    await page.getByText('made for this page by a speech synthesiser').waitFor();
    const samples = page.locator('[data-sample]');
    assert.equal(await samples.count(), 5);
    for (const name of await samples.allInnerTexts()) {
      await page.getByRole('button', { name, exact: true }).click();
      const answer = await clipAnswer(page, name);
      if (name.startsWith('A hum')) assertNoSpeech(answer);
      else assertClipAnswer(answer);
    }
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('a sample that comes slowly: the old answer goes at once, and the last choice wins', async () => {
    const { page, faults } = await visit(browser, site.url, { serviceWorkers: 'block' });
    await page.locator('[data-sample="bright.mp3"]').click();
    await clipAnswer(page, 'High');
    /** @type {() => void} */
    let arrive = () => {};
    const arrived = new Promise((resolve) => (arrive = () => resolve(undefined)));
    await page.route('**/plain-*.mp3', (route) => arrived.then(() => route.continue()));
    await page.locator('[data-sample="plain.mp3"]').click();
    assert.equal(await page.locator('#clip-answer').innerText(), 'Working…');
    await fileLine(page, /^Reading Plain/);
    await page.locator('[data-sample="low.mp3"]').click();
    const low = await clipAnswer(page, 'Low');
    const came = page.waitForResponse('**/plain-*.mp3');
    arrive();
    await (await came).finished();
    assert.deepEqual(await clipAnswer(page, 'Low'), low);
    // The one is the test's own doing: routes see nothing of what a service worker answers.
    assert.deepEqual(await faults(), ['Service Worker registration blocked by Playwright']);
    await page.context().close();
  });

  test('it plays with a cursor, seeks by click and key, and shows the moment under the pointer', async () => {
    const { page, faults } = await visit(browser, site.url);
    await page.locator('[data-sample="low.mp3"]').click();
    await clipAnswer(page);
    const seconds = Number(await page.locator('#seek').getAttribute('max'));
    const course = page.locator('#course');
    await course.scrollIntoViewIfNeeded();
    const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (
      await course.boundingBox()
    );
    await page.mouse.click(box.x + box.width / 2, box.y + 20);
    const position = () =>
      page.locator('#seek').evaluate((slider) => Number(/** @type {HTMLInputElement} */ (slider).value));
    assert.ok(
      Math.abs((await position()) - seconds / 2) < 0.3,
      `expected the middle, got ${await position()}`,
    );
    assert.equal(await page.locator('#clip .cursor').first().isVisible(), true);
    await page.mouse.move(box.x + box.width * 0.75, box.y + 20);
    assert.match(await page.locator('#bars-of').innerText(), /^Bars: at 0:0\d\.\d, \w/);
    await shoot(page, 'file');
    await page.mouse.move(5, 5);
    assert.equal(await page.locator('#bars-of').innerText(), 'Bars: the whole clip');

    await page.locator('#seek').focus();
    await page.keyboard.press('Home');
    assert.equal(await position(), 0);
    await page.keyboard.press('ArrowRight');
    assert.ok((await position()) > 0);
    assert.match(String(await page.locator('#seek').getAttribute('aria-valuetext')), /^0:00 of 0:0\d, \w/);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const before = await position();
    await page.waitForFunction(
      (at) => Number(/** @type {HTMLInputElement} */ (document.querySelector('#seek')).value) > at + 0.3,
      before,
    );
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('answer and course are saved as JSON, CSV and PNG', async () => {
    const { page, faults } = await visit(browser, site.url);
    await page.locator('[data-sample="bright.mp3"]').click();
    const { numbers } = await clipAnswer(page);
    /** @param {string} kind */
    const save = async (kind) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: kind, exact: true }).click(),
      ]);
      assert.equal(download.suggestedFilename(), `High and quick-emotion.${kind.toLowerCase()}`);
      return readFile(await download.path());
    };
    const data = JSON.parse((await save('JSON')).toString());
    assert.ok(Math.abs(data.seconds - 4.7) < 0.3);
    assert.deepEqual(Object.keys(data.probabilities), EMOTIONS);
    assert.equal(
      `${Math.round(data.probabilities[data.label] * 100)}`,
      String(Math.max(...numbers.map((each) => parseInt(each, 10) || 0))),
    );
    const [head = '', ...lines] = (await save('CSV')).toString().trim().split('\r\n');
    assert.equal(head.split(',').length, 5 + 16);
    assert.equal(lines.length, data.segments.length);
    assert.equal(Number(lines.at(-1)?.split(',')[1]), data.segments.at(-1).end);
    const png = await save('PNG');
    assert.deepEqual(
      [png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)],
      ['PNG', 1600, 900],
    );
    assert.ok(png.length > 50_000, `expected a picture, got ${png.length} bytes`);
    assert.deepEqual(await faults(), []);
    await page.context().close();
  });

  test('a long file: progress, and it can be cancelled', async () => {
    const rise = (/** @type {number} */ second) => 0.4 * Math.sin(second * 900) * Math.sin(second * 9);
    const { page } = await choose({ name: 'long.wav', mimeType: 'audio/wav', buffer: wav(150, rise) });
    await fileLine(page, /^Analysing long\.wav, 2:30: \d+\s%/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await fileLine(page, /^Cancelled/);
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    assertClipAnswer(await clipAnswer(page, 'door.wav'));
    await page.context().close();
  });

  test('silence has no speech, and the next file gets its answer', async () => {
    const { page } = await choose({ name: 'silence.wav', mimeType: 'audio/wav', buffer: wav(2) });
    assertNoSpeech(await clipAnswer(page, 'silence.wav'));
    assert.match(await page.locator('#file-state').innerText(), /: no speech was found\. Choose a recording/);
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    assertClipAnswer(await clipAnswer(page, 'door.wav'));
    await page.context().close();
  });

  for (const path of [
    'RAVDESS/Actor_12/03-01-05-02-02-01-12.ogg',
    'CREMA-D/AudioWAV/1091_WSI_HAP_XX.ogg',
    'TESS/OAF_fear/OAF_food_fear.ogg',
    'SAVEE/DC/su03.ogg',
  ]) {
    const { file, skip } = recording(path);
    test(`real speech: ${path}`, { skip }, async () => {
      assert.ok((await stat(file)).size > 0);
      const { page, faults } = await choose(file);
      assertClipAnswer(await clipAnswer(page));
      assert.deepEqual(await faults(), []);
      await page.context().close();
    });
  }
});
