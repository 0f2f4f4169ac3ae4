import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { publint } from 'publint';

import { ROOT } from './support.mjs';

const PKG = join(ROOT, 'pkg');
const shell = process.platform === 'win32';

test('npm packs what the package needs and nothing else', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: PKG, encoding: 'utf8', shell }),
  );
  /** @type {string[]} */
  const files = packed.files.map((/** @type {{ path: string }} */ { path }) => path).sort();
  const expected = [
    ...['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'LICENSE-WEIGHTS.md', 'LICENSE.md'],
    ...[
      'MODEL_CARD.md',
      'README.md',
      'capture-worklet.d.ts',
      'capture-worklet.js',
      'card.json',
      'crema-d.card.json',
      'crema-d.weights',
    ],
    ...[
      'features-node.js',
      'features.d.ts',
      'features.js',
      'index.d.ts',
      'index.js',
      'node.js',
      'package.json',
    ],
    ...['speech_emotion.js', 'speech_emotion_bg.wasm', 'speech_emotion_features.js'],
    ...['speech_emotion_features_bg.wasm', 'worker.d.ts', 'worker.js'],
  ];
  // What entries share, and what they import on demand.
  const shared = /^(chunk|engine|extract)-[0-9A-Z]{8}\.js$/;
  assert.deepEqual(
    files.filter((name) => !shared.test(name)),
    expected.sort(),
  );
  const scripts = files.filter((name) => name.endsWith('.js'));
  const code = scripts.map((name) => readFileSync(join(PKG, name), 'utf8')).join('\n');
  for (const name of files.filter((file) => shared.test(file))) assert.ok(code.includes(`"./${name}"`), name);
});

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: PKG, strict: true });
  assert.deepEqual(messages, []);
});

test("the version is the crate's, and nothing is installed or run along with it", () => {
  const manifest = JSON.parse(readFileSync(join(PKG, 'package.json'), 'utf8'));
  const crate = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8').match(/^version = "(.+)"$/m);
  assert.equal(manifest.version, crate?.[1]);
  for (const field of ['scripts', 'dependencies', 'peerDependencies', 'optionalDependencies']) {
    assert.equal(manifest[field], undefined, field);
  }
});

test('the module is optimised, uses SIMD, and holds the weights', () => {
  const wasm = readFileSync(join(PKG, 'speech_emotion_bg.wasm'));
  assert.ok(WebAssembly.validate(wasm));
  const weights = readFileSync(join(ROOT, 'src', 'model', 'speech_emotion.weights'));
  // wasm-opt may split data at runs of zeros: a stretch from the middle tells whether it is there.
  const stretch = weights.subarray(weights.length >> 1, (weights.length >> 1) + 64);
  assert.ok(wasm.includes(stretch));
  const sections = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), 'name');
  assert.equal(sections.length, 0, 'function names are left out');
});

test('the features alone are under 60 KB, as web servers send them', () => {
  const wasm = readFileSync(join(PKG, 'speech_emotion_features_bg.wasm'));
  const { length } = gzipSync(wasm, { level: 9 });
  assert.ok(length < 60_000, `${length} bytes`);
});

test('the installed package is found by its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'speech-emotion-'));
  try {
    const options = /** @type {const} */ ({ cwd: folder, encoding: 'utf8', shell });
    const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', PKG], options));
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`], options);
    const code = `
      import { Recognizer } from 'speech-emotion';
      const recognizer = await Recognizer.load();
      const silence = new Float32Array(16000);
      console.log(JSON.stringify(await recognizer.analyze(silence, { sampleRate: 16000, segments: false })));
      console.log(import.meta.resolve('speech-emotion/speech_emotion_bg.wasm').startsWith('file:'));
      const { rms } = await import('speech-emotion/features');
      console.log((await rms(silence)).shape.join());`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], options);
    assert.equal(printed, '{"label":null,"probabilities":null,"unsure":false,"speech":0}\ntrue\n1,32\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the capture worklet is too large for bundlers to inline it', () => {
  assert.ok(statSync(join(PKG, 'capture-worklet.js')).size > 4096);
});

test('every tool finds the types (attw, esm-only)', () => {
  const options = /** @type {const} */ ({ cwd: ROOT, encoding: 'utf8', shell });
  const printed = execFileSync(
    'npx',
    ['attw', '--pack', PKG, '--profile', 'esm-only', '--format', 'json'],
    options,
  );
  const { analysis } = JSON.parse(printed);
  assert.ok(analysis.types);
});
