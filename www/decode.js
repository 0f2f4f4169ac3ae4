/** Any audio file that the browser plays, as samples. */

import { problem } from './messages.js';

/**
 * @typedef {object} Clip
 * @property {Float32Array<ArrayBuffer>[]} channels samples of each channel, all of one length
 * @property {number} sampleRate Hz
 */

/** Browsers hold no file in memory that is larger than this. */
const MOST_BYTES = 2 ** 31 - 1;
/** The longest clip, and the longest that is decoded at the full rate: an hour's samples at that would not fit. */
const [MOST_SECONDS, SHORT_SECONDS] = [3600, 600];
/** What a file's own word of its length may be wrong by. */
const SLACK = 1.05;
/** How long the player may take to find it out, ms. */
const PATIENCE = 2000;
/** Hz. Going up, as from 16 or 44.1 kHz, loses nothing that speech has; the network hears 16 kHz. */
const [FULL_RATE, SMALL_RATE] = [48_000, 16_000];

/**
 * @param {Blob} file
 * @returns {Promise<Clip>}
 * @throws {Error} with a `code`: `decode` where the browser cannot decode it, `out-of-memory`, `unreadable`
 */
export async function decodeFile(file) {
  if (file.size > MOST_BYTES) throw problem('out-of-memory');
  // Before hours of samples fill the memory.
  const seconds = await secondsOf(file);
  if (seconds > MOST_SECONDS * SLACK) throw problem('too-long');
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch (cause) {
    throw problem('unreadable', cause);
  }
  const rate = seconds > SHORT_SECONDS ? SMALL_RATE : (rateOf(bytes) ?? FULL_RATE);
  const context = new OfflineAudioContext({ length: 1, sampleRate: rate });
  let audio;
  try {
    audio = await context.decodeAudioData(bytes);
  } catch (cause) {
    throw cause instanceof RangeError ? cause : problem('decode', cause);
  }
  const channels = Array.from({ length: audio.numberOfChannels }, (_, index) => audio.getChannelData(index));
  return { channels, sampleRate: audio.sampleRate };
}

/**
 * The length of a file by its own head, seconds; 0 where it does not say.
 * @param {Blob} file
 * @returns {Promise<number>}
 */
async function secondsOf(file) {
  // A player would ask for the first byte, and complain of it in the console.
  if (file.size === 0) return 0;
  const audio = new Audio();
  const address = URL.createObjectURL(file);
  try {
    return await new Promise((resolve) => {
      audio.preload = 'metadata';
      audio.onloadedmetadata = () => resolve(Number.isFinite(audio.duration) ? audio.duration : 0);
      audio.onerror = () => resolve(0);
      setTimeout(() => resolve(0), PATIENCE);
      audio.src = address;
    });
  } finally {
    audio.removeAttribute('src');
    URL.revokeObjectURL(address);
  }
}

/**
 * The rate that a wav file has, so that the browser need not resample it, if that is not needlessly high.
 * @param {ArrayBuffer} bytes
 * @returns {number | undefined}
 */
function rateOf(bytes) {
  if (bytes.byteLength < 44) return undefined;
  const view = new DataView(bytes);
  const isWav = view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57415645;
  if (!isWav || view.getUint32(12) !== 0x666d7420) return undefined;
  const rate = view.getUint32(24, true);
  return rate >= 8000 && rate <= FULL_RATE ? rate : undefined;
}
