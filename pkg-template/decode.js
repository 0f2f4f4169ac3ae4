/**
 * Encoded files to clips.
 * @module
 */
import { pause } from './client.js';
import { SpeechEmotionError } from './errors.js';
import { clipOfChannels } from './input.js';

/** Hz. Browsers resample while they decode; going up, as from 16 or 44.1 kHz, loses nothing that speech has. */
const DECODE_RATE = 48_000;

/** How far into a wav file its samples are looked for at first, bytes. */
const NEAR = 2 ** 16;
/** And then: some begin with pictures and the like. */
const FAR = 2 ** 22;

/** Bytes that are copied at a time. */
const SLICE = 2 ** 19;

/**
 * Wav files are read by the module, piece by piece and alike everywhere; anything else by the browser.
 * @param {Blob | ArrayBuffer} file
 * @param {import('./client.js').Client} client of an engine that has loaded its module
 * @returns {Promise<import('./input.js').Clip>}
 */
export async function clipOfFile(file, client) {
  const isBuffer = file instanceof ArrayBuffer;
  const size = isBuffer ? file.byteLength : file.size;
  /** @param {number} start @param {number} end */
  const part = (start, end) =>
    new Blob([isBuffer ? new Uint8Array(file).subarray(start, end) : file.slice(start, end)]);
  const hasDecoder = typeof OfflineAudioContext === 'function';
  if (/^RIFF[^]*WAVE$/.test(await part(0, 12).text()) || !hasDecoder) {
    try {
      return await clipOfWav(part, size, client);
    } catch (error) {
      // A codec inside of a wav file that the browser may know.
      const isUnknown = error instanceof SpeechEmotionError && error.code === 'decode';
      if (!isUnknown || !hasDecoder) throw error;
    }
  }
  const context = new OfflineAudioContext({ length: 1, sampleRate: DECODE_RATE });
  try {
    // The browser takes what it is given, so that the caller's own bytes are copied.
    const buffer = await context.decodeAudioData(isBuffer ? await copyOf(file) : await file.arrayBuffer());
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, n) => buffer.getChannelData(n));
    return clipOfChannels(channels, buffer.sampleRate);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new SpeechEmotionError('decode', `expected an audio file that this browser decodes, got ${got}`, {
      cause,
    });
  }
}

/**
 * A piece of a wav file is a wav file: its header with another length, and some of its samples. So all of it is never
 * in memory.
 * @param {(start: number, end: number) => Blob} part
 * @param {number} size
 * @param {import('./client.js').Client} client
 * @returns {Promise<import('./input.js').Clip>}
 */
async function clipOfWav(part, size, client) {
  const read = async (/** @type {number} */ length) => {
    const head = new Uint8Array(await part(0, length).arrayBuffer());
    return { head, ...(await client.call('wavLayout', { head, size })) };
  };
  const layout = await read(NEAR).catch((error) => {
    if (size <= NEAR) throw error;
    return read(FAR);
  });
  const { head, start, frame, frames, channels, sampleRate } = layout;
  const copy = (/** @type {number} */ from, /** @type {number} */ to) => {
    new DataView(head.buffer).setUint32(start - 4, (to - from) * frame, true);
    return new Blob([head.subarray(0, start), part(start + from * frame, start + to * frame)]);
  };
  return { count: channels, length: frames, sampleRate, copy };
}

/**
 * A copy, made bit by bit so that the thread is not held up.
 * @param {ArrayBuffer} bytes
 */
async function copyOf(bytes) {
  const copy = new Uint8Array(bytes.byteLength);
  for (let at = 0; at < copy.length; at += SLICE) {
    copy.set(new Uint8Array(bytes).subarray(at, at + SLICE), at);
    await pause();
  }
  return copy.buffer;
}
