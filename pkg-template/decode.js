/**
 * Encoded files to samples.
 * @module
 */
import { SpeechEmotionError } from './errors.js';

/** Hz. Browsers resample while they decode; going up, as from 16 or 44.1 kHz, loses nothing that speech has. */
const DECODE_RATE = 48_000;

/**
 * @typedef {object} Decoded
 * @property {Float32Array[]} channels
 * @property {number} sampleRate
 */

/**
 * Wav files are read by the module, alike everywhere; anything else by the browser.
 * @param {Blob | ArrayBuffer} file
 * @param {import('./client.js').Client} client
 * @param {unknown} wasm where the module comes from
 * @returns {Promise<Decoded>}
 */
export async function decode(file, client, wasm) {
  const bytes = file instanceof ArrayBuffer ? file : await file.arrayBuffer();
  const [riff, wave] = [0, 8].map((at) => String.fromCharCode(...new Uint8Array(bytes.slice(at, at + 4))));
  const hasDecoder = typeof OfflineAudioContext === 'function';
  if ((riff === 'RIFF' && wave === 'WAVE') || !hasDecoder) {
    try {
      return await client.call('decodeWav', { bytes: new Uint8Array(bytes), wasm });
    } catch (error) {
      // A codec inside of a wav file that the browser may know.
      const unknown = error instanceof SpeechEmotionError && error.code === 'decode';
      if (!unknown || !hasDecoder) throw error;
    }
  }
  const context = new OfflineAudioContext({ length: 1, sampleRate: DECODE_RATE });
  try {
    // A copy, since the browser takes what it is given.
    const buffer = await context.decodeAudioData(bytes.slice(0));
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, n) => buffer.getChannelData(n));
    return { channels, sampleRate: buffer.sampleRate };
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new SpeechEmotionError('decode', `expected an audio file that this browser decodes, got ${got}`, {
      cause,
    });
  }
}
