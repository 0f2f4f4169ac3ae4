// Runs the benchmarks of the network and of the whole answer and writes bench/results.json: node bench/results.mjs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { findBrowser } from '../scripts/browser.mjs';
import { ROOT, Stop, must, output, run, script } from '../scripts/run.mjs';

/** In order; those of a browser are left out without one. @type {[key: string, file: string, browser: boolean][]} */
const BENCHMARKS = [
  ['networkInNode', 'network/node.mjs', false],
  ['networkInChromium', 'network/chromium.mjs', true],
  ['answerInNode', 'answer/node.mjs', false],
  ['answerInChromium', 'answer/chromium.mjs', true],
  ['coldStart', 'answer/cold.mjs', true],
  ['lengths', 'answer/lengths.mjs', false],
];

/** Three digits, which is more than a busy machine repeats. @param {string} key @param {unknown} value */
function rounded(key, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value;
}

/** @param {string} file */
async function json(file) {
  const { ok, output: text } = await run(process.execPath, [join('bench', file)], { quiet: true });
  const line = text.split('\n').find((line) => line.startsWith('{'));
  if (!ok || line === undefined) throw new Stop(`bench/${file} failed: ${text.slice(-2000)}`);
  return JSON.parse(line, rounded);
}

/** The lines that a person wants to read. @param {string} key @param {any} result */
function lines(key, result) {
  const ms = (/** @type {any} */ { milliseconds, lowest }) =>
    `${milliseconds.toFixed(2)} ms (lowest ${lowest.toFixed(2)})`;
  if (result.ratios)
    return Object.entries(result.times).map(
      ([name, timing]) =>
        `${name}: ${ms(timing)}${result.ratios[name] ? `, ours takes ${result.ratios[name]} of it` : ''}`,
    );
  if (result.answers)
    return result.answers.map(
      (/** @type {any} */ { seconds, answer, parts, copies }) =>
        `${seconds} s at 48 kHz: ${ms(answer)}, ${copies.toFixed(0)} times as long as copying; ${Object.entries(
          parts,
        )
          .map(([part, value]) => `${part} ${value}`)
          .join(', ')}`,
    );
  if (key === 'coldStart')
    return [result, result.bundled].map(
      ({ ready, answer }, index) =>
        `${index ? 'bundled' : 'as installed'}: network ready ${ms(ready)}, first answer ${ms(answer)}`,
    );
  return result.rows.map(
    (/** @type {any} */ { seconds, milliseconds, perSecond, wasmOverBaseMiB, processOverBaseMiB }) =>
      `${seconds} s: ${milliseconds.toFixed(0)} ms, ${perSecond} ms a second; ${wasmOverBaseMiB} MiB of wasm memory over the base, ${processOverBaseMiB} of the process`,
  );
}

await script(async () => {
  if (!existsSync(join(ROOT, 'bench', 'node_modules', 'onnxruntime-web'))) {
    await must('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund']);
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'bench', 'package.json'), 'utf8'));
  /** @type {Record<string, unknown>} */
  const results = {
    what: 'the shipped network against other runtimes, the whole answer and its parts; one thread; medians, ms',
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
    // Above the number of cores, only ratios mean something.
    load: rounded('', loadavg()[0]),
    versions: { ...manifest.dependencies, rustc: output('rustc', ['--version']) },
  };
  for (const [key, file, browser] of BENCHMARKS) {
    if (browser && !findBrowser().chromium) {
      console.log(`left out: ${key}, Chromium is not installed`);
      continue;
    }
    const result = await json(file);
    results[key] = result;
    console.log(`${key}, ${result.engine}`);
    for (const line of lines(key, result)) console.log(`  ${line}`);
  }
  const file = join(ROOT, 'bench', 'results.json');
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  await run('npx', ['prettier', '--write', file], { quiet: true });
  console.log('\nwritten to bench/results.json');
});
