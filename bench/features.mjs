// Times the features against Meyda, essentia.js and librosa, and writes bench/features.json: node bench/features.mjs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { findBrowser } from '../scripts/browser.mjs';
import { ROOT, Stop, must, output, run, script } from '../scripts/run.mjs';

/** @typedef {import('./compare.mjs').Row} Row */
/** @typedef {{ what: string, seconds: number, runs: number, milliseconds: number }} NativeRow */

const VENV = join(ROOT, '.cache', 'librosa');

/** @param {string} command @param {string[]} args */
async function json(command, args) {
  const { ok, output: text } = await run(command, args, { quiet: true });
  const line = text.split('\n').find((line) => /^[[{]/.test(line));
  if (!ok || line === undefined) throw new Stop(`${command} ${args.join(' ')} failed: ${text.slice(-2000)}`);
  return JSON.parse(line);
}

/** A Python with librosa: LIBROSA_PYTHON, or an environment of its own in .cache/. */
async function librosaPython() {
  if (process.env.LIBROSA_PYTHON) return process.env.LIBROSA_PYTHON;
  const python = join(VENV, 'bin', 'python');
  if (existsSync(python)) return python;
  const made =
    (await run('python3', ['-m', 'venv', VENV], { quiet: true })).ok &&
    (await run(join(VENV, 'bin', 'pip'), ['install', '-q', 'librosa==0.11.0'], { quiet: true })).ok;
  return made ? python : undefined;
}

/**
 * How many times faster this library is than each other one.
 * @param {Row[]} rows
 */
function ratios(rows) {
  return [3, 60].flatMap((seconds) => {
    const own = rows.find((row) => row.library === 'speech-emotion' && row.seconds === seconds);
    const others = rows.filter((row) => !row.library.startsWith('speech-emotion') && row.seconds === seconds);
    return others.map(({ library, milliseconds }) => ({
      library,
      seconds,
      times: rounded(milliseconds / (own?.milliseconds ?? NaN)),
    }));
  });
}

/** Three digits, which is more than a busy machine repeats. @param {number} value */
const rounded = (value) => Number(value.toPrecision(3));

/** @template {{ milliseconds: number, lowest?: number, highest?: number }} T @param {T[]} rows @returns {T[]} */
const roundedRows = (rows) =>
  rows.map((row) => {
    const times = Object.entries(row).map(([key, value]) => [
      key,
      ['milliseconds', 'lowest', 'highest'].includes(key) ? rounded(Number(value)) : value,
    ]);
    return Object.fromEntries(times);
  });

await script(async () => {
  if (!existsSync(join(ROOT, 'bench', 'node_modules', 'meyda'))) {
    await must('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund']);
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'bench', 'package.json'), 'utf8'));
  /** @type {Record<string, unknown>} */
  const results = {
    what: 'mel spectrogram (128), MFCC (20), chroma, RMS and zero crossings; frames of 2048, hop 512, 22.05 kHz; one thread; medians, ms; natively of the processor time',
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
    versions: { ...manifest.dependencies, rustc: output('rustc', ['--version']) },
  };

  const node = await json(process.execPath, ['bench/compare-node.mjs']);
  results.node = { engine: `Node ${process.version}`, ratios: ratios(node), rows: roundedRows(node) };
  console.log(table(`Node ${process.version}`, node));
  if (findBrowser().chromium) {
    const { engine, rows } = await json(process.execPath, ['bench/compare-chromium.mjs']);
    results.chromium = { engine, ratios: ratios(rows), rows: roundedRows(rows) };
    console.log(table(engine, rows));
  } else {
    console.log('left out: the same in Chromium, which is not installed');
  }

  const native = await json('cargo', [
    ...['run', '--release', '--quiet', '--manifest-path', 'bench/native/Cargo.toml'],
  ]);
  const python = await librosaPython();
  if (python) {
    const { librosa, numpy, rows } = await json(python, ['bench/librosa_times.py']);
    const compared = rows.map((/** @type {NativeRow} */ theirs) => {
      const ours = native.find(
        (/** @type {NativeRow} */ row) => row.what === theirs.what && row.seconds === theirs.seconds,
      );
      return {
        what: theirs.what,
        seconds: theirs.seconds,
        librosa: rounded(theirs.milliseconds),
        native: rounded(ours.milliseconds),
        times: rounded(theirs.milliseconds / ours.milliseconds),
      };
    });
    results.native = { librosa, numpy, compared, rows: roundedRows(native) };
    console.log(`native against librosa ${librosa}, one thread, medians of the processor time`);
    for (const { what, seconds, librosa: theirs, native: ours, times } of compared) {
      console.log(
        `  ${`${what}, ${seconds} s`.padEnd(26)}${String(ours).padStart(9)} ms  librosa ${String(theirs).padStart(7)} ms${String(times).padStart(8)} x`,
      );
    }
  } else {
    results.native = { rows: roundedRows(native) };
    console.log('left out: librosa, for which there is no Python to install it');
  }
  const file = join(ROOT, 'bench', 'features.json');
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  await run('npx', ['prettier', '--write', file], { quiet: true });
  console.log('\nwritten to bench/features.json');
});

/**
 * @param {string} engine
 * @param {Row[]} rows
 */
function table(engine, rows) {
  const own = (/** @type {number} */ seconds) =>
    rows.find((row) => row.library === 'speech-emotion' && row.seconds === seconds)?.milliseconds ?? NaN;
  const lines = rows.map(({ library, seconds, milliseconds }) => {
    const speed = `${((seconds * 1000) / milliseconds).toFixed(0).padStart(6)} x real time`;
    const ratio = library.startsWith('speech-emotion')
      ? ''
      : `${(milliseconds / own(seconds)).toFixed(0).padStart(6)} x ours`;
    return `  ${`${library}, ${seconds} s`.padEnd(36)}${milliseconds.toFixed(2).padStart(10)} ms${speed}${ratio}`;
  });
  return [`${engine}, one thread, medians`, ...lines].join('\n');
}
