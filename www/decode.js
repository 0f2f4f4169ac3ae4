/** Any audio file that the browser plays, as samples. */

/** @typedef {import('./recorder.js').Clip} Clip */

/** The largest file that is decoded: samples in memory are many times larger than a compressed file. */
const MAX_BYTES = 100e6;

/** Hz. Browsers resample while they decode; going up, as from 16 or 44.1 kHz, loses nothing that speech has. */
const DECODE_RATE = 48_000;

/**
 * @param {File} file
 * @returns {Promise<Clip>}
 * @throws {DOMException} `EncodingError` where the browser cannot decode it, `QuotaExceededError` past the size limit,
 * `NotReadableError` where the file cannot be read
 */
export async function decodeFile(file) {
  if (file.size > MAX_BYTES) throw new DOMException('the file is too large', 'QuotaExceededError');
  const context = new OfflineAudioContext({ length: 1, sampleRate: DECODE_RATE });
  const audio = await context.decodeAudioData(await file.arrayBuffer());
  // Copies: an AudioBuffer's own memory cannot be transferred to the worker.
  const channels = Array.from({ length: audio.numberOfChannels }, (_, index) =>
    audio.getChannelData(index).slice(),
  );
  return { channels, sampleRate: audio.sampleRate };
}
