// The same clips through the native library and through the package.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, test } from 'node:test';

import { ROOT, api, readWav } from './support.mjs';

/** @typedef {import('./support.mjs').Clip} Clip */
/** @typedef {import('../../pkg-template/index.js').Prediction} Prediction */

const TOLERANCE = 1e-4;
const SPEECH = join(ROOT, 'tests', 'fixtures', 'speech');
const CORPORA = process.env.SER_CORPORA ?? resolve(ROOT, '..', 'shared', 'corpora');
const ORIGINALS = resolve(CORPORA, '..', 'originals');

/** @type {string} */
let program;

before(() => {
  // Trainer and library together: the same build of Burn as the Rust tests'.
  const args = [
    'build',
    '-p',
    'speech-emotion',
    '-p',
    'trainer',
    '--example',
    'analyze',
    '--message-format=json',
  ];
  const messages = execFileSync('cargo', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const artifacts = messages
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  program = artifacts.find(({ target, executable }) => executable && target?.name === 'analyze').executable;
});

/**
 * @param {Clip} clip
 * @returns {Prediction}
 */
function native({ channels, sampleRate }) {
  const input = Buffer.concat(channels.map(({ buffer }) => Buffer.from(buffer)));
  const result = spawnSync(program, [String(sampleRate), String(channels.length)], {
    input,
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}

/**
 * @param {import('../../pkg-template/index.js').Recognizer} recognizer
 * @param {string} name
 * @param {Clip} clip
 */
async function agree(recognizer, name, clip) {
  const expected = native(clip);
  const answer = await recognizer.analyze(clip.channels, { sampleRate: clip.sampleRate });
  assert.ok(Math.abs(answer.speech - expected.speech) < TOLERANCE, name);
  assert.equal(answer.probabilities === null, expected.probabilities === null, name);
  if (answer.probabilities === null || expected.probabilities === null) return 0;
  const { probabilities } = expected;
  const differences = api.EMOTIONS.map((emotion) => {
    return Math.abs((answer.probabilities?.[emotion] ?? NaN) - probabilities[emotion]);
  });
  const greatest = Math.max(...differences);
  assert.ok(greatest < TOLERANCE, `${name}: ${differences}`);
  return greatest;
}

/**
 * @param {string[]} paths
 * @param {import('node:test').TestContext} context
 */
async function agreeOnAll(paths, context) {
  const recognizer = await api.Recognizer.load();
  let greatest = 0;
  for (const path of paths) greatest = Math.max(greatest, await agree(recognizer, path, readWav(path)));
  recognizer.dispose();
  context.diagnostic(
    `${paths.length} clips, greatest difference of a probability ${greatest.toExponential(1)}`,
  );
}

test('native and wasm agree on generated speech', async (context) => {
  const paths = readdirSync(SPEECH)
    .filter((name) => name.endsWith('.wav'))
    .map((name) => join(SPEECH, name));
  assert.ok(paths.length >= 2);
  await agreeOnAll(paths, context);
});

test('native and wasm agree on clips of the corpora', async (context) => {
  if (!existsSync(ORIGINALS)) {
    console.log(`left out: native against wasm on real clips (originals not found at ${ORIGINALS})`);
    return;
  }
  const clips = [
    'RAVDESS/Actor_01/03-01-02-01-01-02-01.wav', // 48 kHz, stereo
    'RAVDESS/Actor_12/03-01-05-02-02-01-12.wav',
    'CREMA-D/AudioWAV/1001_DFA_ANG_XX.wav', // 16 kHz
    'CREMA-D/AudioWAV/1076_MTI_SAD_XX.wav', // digital silence
    'SAVEE/DC/su03.wav', // 44.1 kHz
    'SAVEE/JK/h06.wav',
    'TESS/OAF_fear/OAF_food_fear.wav', // 96 kHz
    'TESS/OAF_neutral/OA_bite_neutral.wav', // 24.414 kHz
  ];
  await agreeOnAll(
    clips.map((clip) => join(ORIGINALS, clip)),
    context,
  );
});
