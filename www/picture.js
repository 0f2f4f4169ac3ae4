/** A spectrogram as a picture of one pixel a band and column, kept beside the page and scaled into it. */

import { onTheme, palette } from './palette.js';

/** Bands of a column, as the worker makes them. */
export const BANDS = 64;

export class Picture {
  #columns;
  #canvas;
  #context;
  /** The bytes themselves, for another theme. */
  #bytes;

  /** @param {number} columns */
  constructor(columns) {
    this.#columns = columns;
    this.#bytes = new Uint8Array(columns * BANDS);
    this.#canvas = document.createElement('canvas');
    this.#canvas.width = columns;
    this.#canvas.height = BANDS;
    const context = this.#canvas.getContext('2d');
    if (context === null) throw new TypeError('expected a canvas with a 2d context, got none');
    this.#context = context;
    this.#slice = context.createImageData(1, BANDS);
    onTheme(() => this.#paint(0, this.#bytes));
    this.clear();
  }

  #slice;

  clear() {
    this.#bytes.fill(0);
    this.#paint(0, this.#bytes);
  }

  /**
   * Puts columns in, the first at `at`, those beyond the end at the beginning again.
   * @param {number} at
   * @param {Uint8Array} mel
   */
  put(at, mel) {
    const fits = Math.min(mel.length, (this.#columns - at) * BANDS);
    this.#bytes.set(mel.subarray(0, fits), at * BANDS);
    this.#paint(at, mel.subarray(0, fits));
    if (fits < mel.length) this.put(0, mel.subarray(fits));
  }

  /**
   * @param {number} at
   * @param {Uint8Array} mel
   */
  #paint(at, mel) {
    const { ramp } = palette();
    const count = mel.length / BANDS;
    // The one of a single column is used over and over, since the live picture puts in so many.
    const image = count === 1 ? this.#slice : count > 0 && this.#context.createImageData(count, BANDS);
    if (!image) return;
    for (let column = 0; column < count; column += 1) {
      for (let band = 0; band < BANDS; band += 1) {
        const from = (mel[column * BANDS + band] ?? 0) * 4;
        const to = ((BANDS - 1 - band) * count + column) * 4;
        for (let part = 0; part < 4; part += 1) image.data[to + part] = ramp[from + part] ?? 0;
      }
    }
    this.#context.putImageData(image, at, 0);
  }

  /**
   * Draws a run of columns into a rectangle; where it reaches past the last, it goes on with the first.
   * @param {CanvasRenderingContext2D} context
   * @param {number} from a column, from 0, fractions allowed
   * @param {number} count columns
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  draw(context, from, count, x, y, width, height) {
    const scale = width / count;
    const first = Math.min(count, this.#columns - from);
    context.drawImage(this.#canvas, from, 0, first, BANDS, x, y, first * scale, height);
    if (first < count) {
      context.drawImage(
        this.#canvas,
        0,
        0,
        count - first,
        BANDS,
        x + first * scale,
        y,
        (count - first) * scale,
        height,
      );
    }
  }
}
