// npm test: installs what the tests need and runs every test, cheapest failures first.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ensureBrowser } from './browser.mjs';
import { ROOT, Stop, output, run, script } from './run.mjs';
import { ensureTools, packageCommand } from './tools.mjs';

/**
 * @typedef {object} Outcome
 * @property {string} stage
 * @property {'passed' | 'failed' | 'left out'} result
 * @property {string} note seconds, or why it was left out
 */

/** @type {Outcome[]} */
const outcomes = [];

/**
 * Runs one stage and notes how it went.
 * @param {string} stage
 * @param {() => Promise<boolean>} work
 */
async function pass(stage, work) {
  console.log(`\n=== ${stage}`);
  const start = performance.now();
  const ok = await work();
  const note = `${((performance.now() - start) / 1000).toFixed(0)} s`;
  outcomes.push({ stage, result: ok ? 'passed' : 'failed', note });
  return ok;
}

/**
 * @param {string} stage
 * @param {string} why
 */
function leaveOut(stage, why) {
  console.log(`\n=== ${stage}\nleft out: ${why}`);
  outcomes.push({ stage, result: 'left out', note: why });
}

/** @param {string[]} args @param {Record<string, string>} [env] */
async function cargo(args, env = {}) {
  return (await run('cargo', args, { env })).ok;
}

/**
 * Runs the test files of a folder with Node's own runner.
 * @param {string} folder
 * @param {Record<string, string>} [env]
 */
async function nodeTests(folder, env = {}) {
  const path = join(ROOT, 'tests', folder);
  const files = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.test.mjs')) : [];
  if (files.length === 0) {
    console.log(`expected test files in tests/${folder}, found none`);
    return false;
  }
  const args = [
    '--expose-gc',
    '--test',
    '--test-reporter=spec',
    ...files.map((name) => join('tests', folder, name)),
  ];
  return (await run(process.execPath, args, { env })).ok;
}

/** A minute for each fuzz target, where nightly Rust and cargo-fuzz are installed. */
async function fuzzTests() {
  if (output('cargo', ['+nightly', 'fuzz', '--version']) === undefined) {
    leaveOut('fuzz targets', 'needs nightly Rust and cargo-fuzz (cargo +nightly install cargo-fuzz)');
    return;
  }
  for (const target of ['frames', 'time', 'analyze', 'stream', 'weights', 'encoded']) {
    const corpus = join('target', 'fuzz', target);
    mkdirSync(join(ROOT, corpus), { recursive: true });
    // No sanitizer: there is no unsafe code to watch, and this way it builds in half the time.
    const args = ['+nightly', 'fuzz', 'run', '-s', 'none', '--features', 'network', target];
    const corpora = [corpus, join('fuzz', 'seeds', target)];
    await pass(`fuzz target ${target}`, () => cargo([...args, ...corpora, '--', '-max_total_time=60']));
  }
}

/** cargo's arguments for the wasm tests, whose runner is xtask. */
function wasmTests() {
  const metadata = JSON.parse(output('cargo', ['metadata', '--no-deps', '--format-version', '1']) ?? '{}');
  const xtask = join(
    metadata.target_directory,
    'wasm-test',
    process.platform === 'win32' ? 'xtask.exe' : 'xtask',
  );
  const runner = `target.wasm32-unknown-unknown.runner=${JSON.stringify([xtask, 'wasm-test-runner'])}`;
  const target = ['--target', 'wasm32-unknown-unknown', '--profile', 'wasm-test'];
  return ['test', '--config', runner, '-p', 'speech-emotion', ...target, '--test', 'wasm'];
}

/** @param {import('./browser.mjs').Browser} browser */
async function stages({ chromium, driver }) {
  // The shipped profile's long steps run on one core: built beside the native tests, in a folder of their own.
  const started = performance.now();
  const packaging = run('cargo', packageCommand(), { quiet: true });

  await pass('Rust: library and trainer', () =>
    cargo(['test', '-p', 'speech-emotion', '-p', 'trainer', '--features', 'speech-emotion/ndarray-view']),
  );
  await fuzzTests();
  await pass('Rust: xtask', () => cargo(['test', '-p', 'xtask', '--profile', 'wasm-test']));
  await pass('wasm in Node', async () => {
    const runner = await cargo(['build', '-p', 'xtask', '--profile', 'wasm-test']);
    return runner && cargo(wasmTests());
  });
  if (driver && chromium) {
    await pass('wasm in Chromium', () =>
      cargo(wasmTests(), {
        CHROMEDRIVER: driver,
        WASM_BINDGEN_USE_BROWSER: '1',
        WASM_BINDGEN_TEST_TIMEOUT: '120',
        WASM_BINDGEN_TEST_DRIVER_TIMEOUT: '60',
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: join('tests', 'wasm', 'webdriver.json'),
      }),
    );
  } else {
    leaveOut('wasm in Chromium', 'no Chromium with chromedriver found');
  }

  const packed = await pass('package', async () => {
    const { ok, output: text } = await packaging;
    console.log(ok ? text.trim().split('\n').slice(-5).join('\n') : text);
    console.log(`took ${((performance.now() - started) / 1000).toFixed(0)} s, beside the stages above`);
    return ok;
  });
  if (!packed) {
    leaveOut('Node', 'the package was not built');
    leaveOut('browser', 'the package was not built');
    return;
  }
  await pass('site', async () => {
    // On demand: its bundler is there by now.
    const { buildSite } = await import('./site.mjs');
    return buildSite().then(
      () => true,
      (error) => console.error(error) ?? false,
    );
  });
  await pass('Node', () => nodeTests('node'));
  await pass('size', async () => (await run(process.execPath, [join('scripts', 'size.mjs')])).ok);
  if (chromium) await pass('browser', () => nodeTests('browser', { CHROMIUM: chromium }));
  else leaveOut('browser', 'no Chromium found');
  if (chromium) await pass('leaks', () => nodeTests('leaks', { CHROMIUM: chromium }));
  else leaveOut('leaks', 'no Chromium found');
  // The quick ones: `npm run consumers` has them all.
  if (chromium) {
    const quick = ['plain', 'worker', 'node', 'typescript', 'esbuild', 'vite-8', 'frameworks'];
    const consumers = [join('scripts', 'consumers.mjs'), ...quick];
    await pass(
      'consumers',
      async () => (await run(process.execPath, consumers, { env: { CHROMIUM: chromium } })).ok,
    );
  } else leaveOut('consumers', 'no Chromium found');
}

await script(async () => {
  const start = performance.now();
  await ensureTools();
  await stages(await ensureBrowser());
  console.log('\n=== summary');
  for (const { stage, result, note } of outcomes) console.log(`${result.padEnd(9)} ${stage} (${note})`);
  console.log(`${((performance.now() - start) / 60_000).toFixed(1)} minutes in all`);
  const failed = outcomes.filter(({ result }) => result === 'failed');
  if (failed.length > 0) throw new Stop(`failed: ${failed.map(({ stage }) => stage).join(', ')}`);
});
