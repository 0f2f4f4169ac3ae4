// Signals and readers that the tests share.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @typedef {typeof import('../../pkg-template/index.js')} Package */

/** The built package, as Node resolves it for those who install it. @type {Package} */
export const api = await import(new URL('../../pkg/node.js', import.meta.url).href);

/**
 * A sine of 440 Hz at half of full scale.
 * @param {number} rate
 * @param {number} seconds
 */
export function tone(rate, seconds) {
  return Float32Array.from(
    { length: rate * seconds },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / rate),
  );
}

/**
 * @typedef {object} Clip
 * @property {number} sampleRate
 * @property {Float32Array[]} channels
 */

/**
 * Reads a RIFF file of 16-bit PCM.
 * @param {string} path
 * @returns {Clip}
 */
export function readWav(path) {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${path} is no RIFF file`);
  let sampleRate = 0;
  let count = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (id === 'fmt ') {
      count = body.readUInt16LE(2);
      sampleRate = body.readUInt32LE(4);
      if (body.readUInt16LE(14) !== 16) throw new Error(`${path} is not of 16 bits`);
    } else if (id === 'data') {
      return { sampleRate, channels: deinterleave(body, count) };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error(`${path} holds no samples`);
}

/**
 * @param {Buffer} body
 * @param {number} count
 */
function deinterleave(body, count) {
  const length = Math.floor(body.length / (2 * count));
  return Array.from({ length: count }, (_, channel) =>
    Float32Array.from({ length }, (_, n) => body.readInt16LE(2 * (n * count + channel)) / 32768),
  );
}

/** Speech that espeak-ng made. @returns {Clip} */
export function speech() {
  return readWav(join(ROOT, 'tests', 'fixtures', 'speech', 'door.wav'));
}
