// The examples of the package's README, run as they stand: in Chromium, and in Node where they say so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ROOT } from '../../scripts/run.mjs';
import { SPEECH, missing, startHearing } from './harness.mjs';
import { openHost, startHost } from './host.mjs';

const README = readFileSync(join(ROOT, 'pkg-template', 'README.md'), 'utf8');
const EXAMPLES = [...README.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);

/** What the examples take for given. */
const GIVEN = `
  const blob = await (await fetch('speech/door.wav')).blob();
  const file = new File([blob], 'clip.wav');
  const buffer = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await blob.arrayBuffer());
  const samples = buffer.getChannelData(0);`;

describe("the README's examples", { skip: missing() }, () => {
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

  assert.ok(EXAMPLES.length >= 8);
  for (const [index, example] of EXAMPLES.entries()) {
    const title = `example ${index + 1}: ${example.match(/recognizer\.\w+|extractFeatures/)?.[0]}`;
    if (example.startsWith('// Node')) {
      test(title, () => {
        const folder = mkdtempSync(join(tmpdir(), 'speech-emotion-'));
        try {
          mkdirSync(join(folder, 'node_modules'));
          cpSync(join(ROOT, 'pkg'), join(folder, 'node_modules', 'speech-emotion'), { recursive: true });
          cpSync(join(SPEECH, 'door.wav'), join(folder, 'clip.wav'));
          const options = /** @type {const} */ ({ cwd: folder, encoding: 'utf8' });
          const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', example], options);
          assert.match(printed, /^\w+\n$/);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
      continue;
    }
    test(title, async () => {
      const { context, page, faults } = await openHost(browser, host);
      const [, names = '', entry] =
        example.match(/^import (\{.*\}) from 'speech-emotion(?:\/(\w+))?';$/m) ?? [];
      const source = entry ? `await import('${host.url}pkg/${entry}.js')` : 'globalThis.Package';
      const body = example.replace(/^import .*$/m, `const ${names} = ${source};`);
      /** @type {string[]} */
      const printed = [];
      page.on('console', (message) => printed.push(message.text()));
      await page.evaluate(`(async () => { ${GIVEN}\n${body} })()`);
      assert.ok(printed.length > 0);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
});
