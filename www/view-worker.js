/**
 * Makes the pictures' data away from the page's thread: columns of what the microphone gives, the whole of a clip, and
 * the network's input. In: `{ id, method, payload }`. Out: `{ id, result }` or `{ id, error }`, and `{ columns }` while
 * it listens.
 */

import { extractFeatures, load } from 'speech-emotion/features';

import { ColumnStream, Overview } from './spectrum.js';

/** Seconds of the microphone that are kept for a look inside. */
const KEPT_SECONDS = 10;
/** The most columns of a clip's picture: more than a page is wide. */
const MOST_COLUMNS = 1800;

/** The last seconds that were heard, over and over in the same memory. */
class Kept {
  #samples;
  #heard = 0;

  /** @param {number} sampleRate */
  constructor(sampleRate) {
    this.#samples = new Float32Array(KEPT_SECONDS * sampleRate);
  }

  /** @param {Float32Array} samples fewer than are kept */
  push(samples) {
    const at = this.#heard % this.#samples.length;
    const fits = Math.min(samples.length, this.#samples.length - at);
    this.#samples.set(samples.subarray(0, fits), at);
    this.#samples.set(samples.subarray(fits), 0);
    this.#heard += samples.length;
  }

  /** In their order. */
  take() {
    const { length } = this.#samples;
    if (this.#heard <= length) return this.#samples.slice(0, this.#heard);
    const at = this.#heard % length;
    const all = new Float32Array(length);
    all.set(this.#samples.subarray(at));
    all.set(this.#samples.subarray(0, at), length - at);
    return all;
  }
}

/** @type {Kept | undefined} */
let kept;
/** @type {Overview | undefined} */
let overview;

/** Where the module lies. @type {URL | undefined} */
let address;

/** The module, loaded once; an attempt that failed, as without a connection, is made again. */
const ready = () => load({ wasm: address });

/** What can be asked for, by name. @type {Record<string, (payload: any) => unknown>} */
const METHODS = {
  async init({ wasm }) {
    address = new URL(wasm);
    await ready();
  },

  /** Listens to a port that samples come down, and sends their columns to the page. */
  async listen({ port, sampleRate, hop }) {
    await ready();
    const columns = await ColumnStream.load(sampleRate, hop);
    const own = new Kept(sampleRate);
    kept = own;
    port.onmessage = (/** @type {MessageEvent} */ { data }) => {
      if (data === 'end') {
        columns.finish();
        port.close();
        return;
      }
      own.push(data);
      const made = columns.push(data);
      port.postMessage(data, [data.buffer]);
      if (made.count > 0) postMessage({ columns: made }, { transfer: [made.mel.buffer, made.peaks.buffer] });
    };
  },

  /** The last seconds of what was listened to. */
  heard: () => kept?.take() ?? new Float32Array(0),

  async open({ sampleRate, length }) {
    await ready();
    overview = await Overview.load(sampleRate, length, MOST_COLUMNS);
    return overview.count;
  },
  piece({ channels }) {
    const [first = new Float32Array(0), ...others] = /** @type {Float32Array[]} */ (channels);
    for (const other of others)
      for (let n = 0; n < first.length; n += 1) first[n] = (first[n] ?? 0) + (other[n] ?? 0);
    if (others.length > 0)
      for (let n = 0; n < first.length; n += 1) first[n] = (first[n] ?? 0) / channels.length;
    return overview?.push(first);
  },
  close: () => overview?.finish(),

  /** The network's input of a clip at 16 kHz, row by row. */
  async stack({ samples }) {
    await ready();
    return extractFeatures(samples, {
      sampleRate: 16_000,
      features: [
        'log_mel',
        'mfcc',
        'chroma_stft',
        'rms',
        'zero_crossing_rate',
        'spectral_centroid',
        'spectral_rolloff',
        'spectral_flatness',
      ],
      nFft: 1024,
      hopLength: 256,
      nMels: 64,
      nMfcc: 20,
      tuning: 0,
      topDb: null,
    });
  },
};

addEventListener('message', async ({ data: { id, method, payload } }) => {
  try {
    postMessage({ id, result: await METHODS[method]?.(payload) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    postMessage({ id, error: { name, message, code } });
  }
});
