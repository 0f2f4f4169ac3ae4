// What goes wrong on the page: each thing gets a sentence that says what to do, and the page goes on working.
import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertClipAnswer } from './answers.mjs';
import {
  SPEECH,
  clipAnswer,
  fileLine,
  missing,
  shoot,
  startBrowser,
  startSite,
  stateLine,
  visit,
  wav,
} from './harness.mjs';

describe('problems', { skip: missing() }, () => {
  /** @type {import('./harness.mjs').Site} */
  let site;
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {string} */
  let folder;
  before(async () => {
    site = await startSite();
    browser = await startBrowser();
    folder = await mkdtemp(join(tmpdir(), 'speech-emotion-'));
  });
  after(async () => {
    await browser.close();
    await site.close();
    await rm(folder, { recursive: true });
  });

  /** That a file still gets its answer. @param {import('playwright-core').Page} page */
  async function goesOn(page) {
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    assertClipAnswer(await clipAnswer(page, 'door.wav'));
  }

  test('permission denied', async (context) => {
    const denied = await startBrowser(
      '--use-fake-ui-for-media-stream=deny',
      '--use-fake-device-for-media-stream',
    );
    context.after(() => denied.close());
    const { page } = await visit(denied, site.url);
    await page.getByRole('button', { name: 'Speak' }).click();
    const sentence = await stateLine(page, /microphone is blocked for this page\. Allow it/);
    assert.equal(await page.locator('#announcement').innerText(), sentence);
    await shoot(page, 'denied');
    await goesOn(page);
  });

  test('no microphone', async (context) => {
    const none = await startBrowser('--use-fake-ui-for-media-stream');
    context.after(() => none.close());
    const { page } = await visit(none, site.url);
    const devices = await page.evaluate(() => navigator.mediaDevices.enumerateDevices());
    if (devices.some(({ kind }) => kind === 'audioinput')) {
      context.skip('left out: this machine has a microphone');
      return;
    }
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /^No microphone was found\. Connect one/);
    await goesOn(page);
  });

  test('an insecure page', async () => {
    const { page } = await visit(browser, site.insecureUrl);
    await page.getByRole('button', { name: 'Speak' }).click();
    await stateLine(page, /only to pages served over https or from localhost\. Open this page that way/);
    await goesOn(page);
    await page.context().close();
  });

  // Without a compiler V8 has none.
  test('no WebAssembly', async (context) => {
    const bare = await startBrowser('--js-flags=--jitless');
    context.after(() => bare.close());
    const { page } = await visit(bare, site.url);
    await stateLine(page, /WebAssembly switched off.*Switch it on/);
    await page.locator('#file').setInputFiles(join(SPEECH, 'door.wav'));
    await fileLine(page, /WebAssembly switched off/);
  });

  // Taken from the processor: V8 then has none for WebAssembly either.
  const skip = process.arch === 'x64' ? false : 'left out: only on x86-64 can SIMD be taken away by a flag';
  test('no WebAssembly SIMD', { skip }, async (context) => {
    const old = await startBrowser('--js-flags=--no-enable-sse4-1');
    context.after(() => old.close());
    const { page } = await visit(old, site.url);
    await stateLine(page, /lacks WebAssembly SIMD.*Update it/);
  });

  test('the network cannot be loaded, and can be once the connection is back', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.route('**/*_bg-*.wasm', (route) => route.abort());
    await page.goto(site.url);
    await stateLine(page, /network could not be loaded\. Check your connection/);
    await page.unroute('**/*_bg-*.wasm');
    await goesOn(page);
    await context.close();
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
  for (const [what, buffer, pattern] of sentences) {
    test(what, async () => {
      const { page, faults } = await visit(browser, site.url);
      await page
        .locator('#file')
        .setInputFiles({ name: 'clip.wav', mimeType: 'application/octet-stream', buffer });
      const sentence = await fileLine(page, pattern);
      assert.equal(await page.locator('#announcement').innerText(), sentence);
      assert.deepEqual(await faults(), []);
      await goesOn(page);
      await page.context().close();
    });
  }

  test('nothing but text dropped', async () => {
    const { page } = await visit(browser, site.url);
    const transfer = await page.evaluateHandle(() => new DataTransfer());
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await fileLine(page, /^What was dropped is not a file\. Drop an audio file/);
    await page.context().close();
  });

  test('more than an hour', async () => {
    const file = join(folder, 'hours.wav');
    // 8 kHz, 8 bit: silence is 128.
    const head = wav(0).subarray(0, 44);
    const frames = 3601 * 8000;
    head.writeUInt32LE(36 + frames, 4);
    head.writeUInt32LE(8000, 24);
    head.writeUInt32LE(8000, 28);
    head.writeUInt16LE(1, 32);
    head.writeUInt16LE(8, 34);
    head.writeUInt32LE(frames, 40);
    const handle = await open(file, 'w');
    await handle.write(Buffer.concat([head, Buffer.alloc(frames, 128)]));
    await handle.close();
    const { page } = await visit(browser, site.url);
    await page.locator('#file').setInputFiles(file);
    await fileLine(page, /^That file is longer than an hour\. Cut out/);
    await goesOn(page);
    await page.context().close();
  });

  test('out of memory', async () => {
    const file = join(folder, 'endless.wav');
    // Holes: three gigabytes that take no room on the disk.
    const handle = await open(file, 'w');
    await handle.write(wav(1));
    await handle.truncate(3 * 2 ** 30);
    await handle.close();
    const { page } = await visit(browser, site.url);
    await page.locator('#file').setInputFiles(file);
    await fileLine(page, /needs more memory than the browser has for it\. Close other tabs/);
    await goesOn(page);
    await page.context().close();
  });
});
