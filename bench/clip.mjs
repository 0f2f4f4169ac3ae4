// The clip that is timed: the tests' generated speech, one sentence after the other.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../scripts/run.mjs';

/** Hz: the network's own rate, so that no resampling is in the figures. */
export const SAMPLE_RATE = 16_000;
export const SECONDS = 3;

/** Samples of a mono 16-bit wav file with a plain header, as espeak-ng writes it. @param {string} name */
function read(name) {
  const bytes = readFileSync(join(ROOT, 'tests', 'fixtures', 'speech', name));
  const rate = bytes.readUInt32LE(24);
  const samples = [];
  for (let at = 44; at + 1 < bytes.length; at += 2) samples.push(bytes.readInt16LE(at) / 32_768);
  return { rate, samples };
}

/** Hz: the rate of the sentences themselves. */
export const SPEECH_RATE = 22_050;

/** Both sentences at their own rate. @returns {number[]} */
export function rawSpeech() {
  return ['door.wav', 'eleven.wav'].flatMap((name) => read(name).samples);
}

/**
 * Three seconds of speech at `sampleRate`, by linear interpolation: good enough for a clock.
 * @param {number} [sampleRate]
 * @returns {number[]}
 */
export function speech(sampleRate = SAMPLE_RATE) {
  return ['door.wav', 'eleven.wav']
    .flatMap((name) => {
      const { rate, samples } = read(name);
      return Array.from({ length: Math.floor((samples.length * sampleRate) / rate) }, (_, frame) => {
        const place = (frame * rate) / sampleRate;
        const before = samples[Math.floor(place)] ?? 0;
        const next = samples[Math.floor(place) + 1] ?? before;
        return before + (next - before) * (place % 1);
      });
    })
    .slice(0, SECONDS * sampleRate);
}
