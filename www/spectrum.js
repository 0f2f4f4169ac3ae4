/** What is heard as columns of bytes: loudness in mel bands, and the waveform's lowest and highest sample. */

import { FeatureStream } from 'speech-emotion/features';

/** Bands of a column, up to 8 kHz. */
export const BANDS = 64;
/** What is black and what is white, dB. */
const [FLOOR, CEILING] = [-75, 15];

/**
 * @param {number} db
 * @returns {number} 0 to 255
 */
function byteOf(db) {
  return Math.max(0, Math.min(255, ((db - FLOOR) / (CEILING - FLOOR)) * 255));
}

/** @param {number} sampleRate @param {number} hop at most; a power of two */
export function framing(sampleRate, hop) {
  const nFft = Math.max(hop, 2 ** Math.round(Math.log2(sampleRate * 0.043)));
  return { sampleRate, nFft, hopLength: hop };
}

/**
 * @typedef {object} Columns
 * @property {number} count
 * @property {Uint8Array<ArrayBuffer>} mel `mel[column * BANDS + band]`, the lowest band first
 * @property {Float32Array<ArrayBuffer>} peaks lowest and highest sample of each column
 */

/** The columns of audio that comes in pieces. */
export class ColumnStream {
  #stream;
  #hop;
  /** The column that is being filled. */
  #filled = 0;
  #low = 0;
  #high = 0;
  /** Peaks that no column of the spectrum has come for. @type {number[]} */
  #waiting = [];

  /** @param {FeatureStream<'melspectrogram'>} stream @param {number} hop */
  constructor(stream, hop) {
    this.#stream = stream;
    this.#hop = hop;
  }

  /** @param {number} sampleRate @param {number} hop samples from a column to the next, a power of two */
  static async load(sampleRate, hop) {
    const options = { ...framing(sampleRate, hop), nMels: BANDS, fmax: Math.min(8000, sampleRate / 2) };
    return new ColumnStream(await FeatureStream.load({ ...options, features: ['melspectrogram'] }), hop);
  }

  /**
   * @param {Float32Array} samples
   * @returns {Columns}
   */
  push(samples) {
    for (const sample of samples) {
      if (sample < this.#low) this.#low = sample;
      if (sample > this.#high) this.#high = sample;
      this.#filled += 1;
      if (this.#filled === this.#hop) this.#close();
    }
    return this.#columns(this.#stream.push(samples));
  }

  /** The last columns; the stream is freed. @returns {Columns} */
  finish() {
    if (this.#filled > 0) this.#close();
    return this.#columns(this.#stream.finish());
  }

  #close() {
    this.#waiting.push(this.#low, this.#high);
    this.#filled = 0;
    this.#low = 0;
    this.#high = 0;
  }

  /** @param {import('speech-emotion').Features<'melspectrogram'>} features */
  #columns({ melspectrogram: { data, shape } }) {
    const count = shape[1];
    const mel = new Uint8Array(count * BANDS);
    for (let band = 0; band < BANDS; band += 1) {
      for (let column = 0; column < count; column += 1) {
        mel[column * BANDS + band] = byteOf(10 * Math.log10((data[band * count + column] ?? 0) + 1e-10));
      }
    }
    const peaks = new Float32Array(count * 2);
    peaks.set(this.#waiting.splice(0, count * 2));
    return { count, mel, peaks };
  }
}

/** The same of a long clip, in no more columns than asked for: each is the loudest of those that it stands for. */
export class Overview {
  #columns;
  #each;
  #at = 0;

  /**
   * @param {ColumnStream} columns
   * @param {number} each how many make one
   * @param {number} count how many there will be
   */
  constructor(columns, each, count) {
    this.#columns = columns;
    this.#each = each;
    this.count = count;
    this.mel = new Uint8Array(BANDS);
    this.peaks = new Float32Array(2);
  }

  /**
   * @param {number} sampleRate
   * @param {number} length samples in all
   * @param {number} most columns
   */
  static async load(sampleRate, length, most) {
    const wish = 2 ** Math.round(Math.log2(sampleRate / 100));
    const hop = Math.min(Math.max(wish, 2 ** Math.floor(Math.log2(length / most + 1))), wish * 8);
    const frames = 1 + Math.floor(length / hop);
    const each = Math.ceil(frames / most);
    return new Overview(await ColumnStream.load(sampleRate, hop), each, Math.ceil(frames / each));
  }

  /** @param {Float32Array} samples @returns {Columns} */
  push(samples) {
    return this.#gather(this.#columns.push(samples));
  }

  /** @returns {Columns} */
  finish() {
    const { count, mel, peaks } = this.#gather(this.#columns.finish());
    return this.#at === 0 ? { count, mel, peaks } : join({ count, mel, peaks }, this.#take());
  }

  #take() {
    const one = { count: 1, mel: this.mel, peaks: this.peaks };
    this.mel = new Uint8Array(BANDS);
    this.peaks = new Float32Array(2);
    this.#at = 0;
    return one;
  }

  /** @param {Columns} columns @returns {Columns} */
  #gather({ count, mel, peaks }) {
    const parts = [/** @type {Columns} */ ({ count: 0, mel: new Uint8Array(0), peaks: new Float32Array(0) })];
    for (let column = 0; column < count; column += 1) {
      for (let band = 0; band < BANDS; band += 1) {
        this.mel[band] = Math.max(this.mel[band] ?? 0, mel[column * BANDS + band] ?? 0);
      }
      this.peaks[0] = Math.min(this.peaks[0] ?? 0, peaks[column * 2] ?? 0);
      this.peaks[1] = Math.max(this.peaks[1] ?? 0, peaks[column * 2 + 1] ?? 0);
      this.#at += 1;
      if (this.#at === this.#each) parts.push(this.#take());
    }
    return parts.reduce(join);
  }
}

/** @param {Columns} first @param {Columns} second @returns {Columns} */
function join(first, second) {
  const mel = new Uint8Array(first.mel.length + second.mel.length);
  mel.set(first.mel);
  mel.set(second.mel, first.mel.length);
  const peaks = new Float32Array(first.peaks.length + second.peaks.length);
  peaks.set(first.peaks);
  peaks.set(second.peaks, first.peaks.length);
  return { count: first.count + second.count, mel, peaks };
}
