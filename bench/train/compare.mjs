// A training step of the network that ships, and its answer to one window, against PyTorch's, one thread each, in turns:
// node bench/train/compare.mjs [PYTHON], a Python with torch. Prints both and their ratio, and writes bench/train.json.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';

import { ROOT, Stop, must, run, script } from '../../scripts/run.mjs';

const ROUNDS = 7;

/** @param {string} command @param {string[]} args @returns {Promise<any>} */
async function printed(command, args) {
  const env = { OMP_NUM_THREADS: '1', RAYON_NUM_THREADS: '1' };
  const { ok, output } = await run(command, args, { quiet: true, env });
  const line = output.split('\n').find((line) => line.startsWith('{'));
  if (!ok || line === undefined) throw new Stop(`${command} failed: ${output.slice(-2000)}`);
  return JSON.parse(line);
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

await script(async () => {
  const python = argv[2] ?? 'python3';
  await must('cargo', ['build', '-p', 'speech-emotion', '-p', 'trainer', '--example', 'step']);
  /** @type {{ windows_per_second: number, inference_ms: number, version?: string }[]} */
  const ours = [];
  /** @type {typeof ours} */
  const theirs = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await printed(join(ROOT, 'target', 'debug', 'examples', 'step'), []));
    theirs.push(await printed(python, [join('bench', 'train', 'step.py')]));
  }
  const rounded = (/** @type {number} */ value) => Number(value.toPrecision(3));
  /** @param {'windows_per_second' | 'inference_ms'} key */
  const compared = (key) => ({
    ours: rounded(median(ours.map((times) => times[key]))),
    PyTorch: rounded(median(theirs.map((times) => times[key]))),
    ratio: rounded(median(ours.map((times, round) => times[key] / (theirs[round]?.[key] ?? NaN)))),
  });
  const result = {
    what: 'the shipped network against PyTorch, one thread; medians of rounds in turns',
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
    PyTorch: theirs[0]?.version,
    rounds: ROUNDS,
    'training step, batch 64, AdamW: windows a second': compared('windows_per_second'),
    'answer to one window: ms': compared('inference_ms'),
  };
  const text = JSON.stringify(result, null, 2);
  console.log(text);
  writeFileSync(join(ROOT, 'bench', 'train.json'), `${text}\n`);
});
