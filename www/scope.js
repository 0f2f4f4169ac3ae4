/** The last seconds as they come: waveform above, mel spectrogram below, scrolling with the screen's own rhythm. */

import { find } from './page.js';
import { palette } from './palette.js';
import { Picture } from './picture.js';
import { Surface } from './surface.js';

/** @typedef {import('./spectrum.js').Columns} Columns */

/** What is to be seen, seconds. */
const SECONDS = 10;
/** The share of the height that is the waveform's. */
const WAVE = 0.36;
/** How far the picture stays behind what has come, seconds: columns come in batches and leave one by one. */
const DELAY = 0.06;
/** The least that fills half of the waveform's height, so that silence stays flat. */
const QUIETEST = 0.02;

export class Scope {
  #surface;
  /** Columns a second. */
  #rate = 47;
  #size = 1;
  #peaks = new Float32Array(2);
  #picture = new Picture(1);
  /** Columns that have come, and how many of them are to be seen, fractions included. */
  #come = 0;
  #shown = 0;
  #gain = 1 / QUIETEST;
  #last = 0;
  #frame = 0;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  /** @param {string} selector */
  constructor(selector) {
    this.#surface = new Surface(find(selector, HTMLCanvasElement), () => this.#draw());
  }

  /** @param {string} text */
  describe(text) {
    this.#surface.describe(text);
  }

  /** Begins anew. @param {number} rate columns a second */
  start(rate) {
    this.#rate = rate;
    // One second more than is seen: what comes must not overwrite what is leaving.
    this.#size = Math.ceil((SECONDS + 1) * rate);
    this.#peaks = new Float32Array(this.#size * 2);
    this.#picture = new Picture(this.#size);
    this.#come = 0;
    this.#shown = 0;
    this.#last = 0;
    this.#frame = requestAnimationFrame(this.#tick);
  }

  /** Stays as it is. */
  stop() {
    cancelAnimationFrame(this.#frame);
    this.#shown = this.#come;
    this.#draw();
  }

  /** @param {Columns} columns */
  push({ count, mel, peaks }) {
    const at = this.#come % this.#size;
    this.#picture.put(at, mel);
    for (let n = 0; n < peaks.length; n += 1) this.#peaks[(at * 2 + n) % this.#peaks.length] = peaks[n] ?? 0;
    this.#come += count;
  }

  /** @param {number} now ms */
  #tick = (now) => {
    this.#frame = requestAnimationFrame(this.#tick);
    const passed = this.#last === 0 ? 0 : (now - this.#last) / 1000;
    if (this.#still.matches && passed < 0.5 && this.#last !== 0) return;
    this.#last = now;
    const behind = this.#come - DELAY * this.#rate - this.#shown;
    // At the audio's own pace, with what two clocks differ by worked off a little at a time.
    const step = passed * this.#rate + behind * 0.05;
    const far = this.#still.matches || Math.abs(behind) > this.#rate;
    this.#shown = far ? this.#come : Math.min(this.#come, this.#shown + Math.max(0, step));
    this.#draw();
  };

  #draw() {
    const { width, height } = this.#surface;
    if (width === 0) return;
    const context = this.#surface.begin();
    const split = Math.round(height * WAVE);
    const count = SECONDS * this.#rate;
    const columns = Math.min(this.#shown, count);
    const from = this.#shown - columns;
    const scale = width / count;
    const { ramp, ink, line } = palette();
    context.fillStyle = `rgb(${ramp[0]} ${ramp[1]} ${ramp[2]})`;
    context.fillRect(0, split, width, height - split);
    if (columns > 0) {
      const left = width - columns * scale;
      this.#picture.draw(context, from % this.#size, columns, left, split, columns * scale, height - split);
    }
    this.#wave(context, from, columns, split, scale, ink);
    context.fillStyle = line;
    context.fillRect(0, split, width, 1);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} from
   * @param {number} columns
   * @param {number} height
   * @param {number} scale pixels a column
   * @param {string} ink
   */
  #wave(context, from, columns, height, scale, ink) {
    const first = Math.floor(from);
    const middle = height / 2;
    let loudest = QUIETEST;
    context.fillStyle = ink;
    const thick = Math.max(1, scale * 0.7);
    for (let n = first; n < this.#shown; n += 1) {
      const at = (n % this.#size) * 2;
      const [low, high] = [this.#peaks[at] ?? 0, this.#peaks[at + 1] ?? 0];
      loudest = Math.max(loudest, -low, high);
      const x = this.#surface.width - (this.#shown - n) * scale;
      const tall = Math.max(1, (high - low) * this.#gain * (middle - 4));
      context.fillRect(x, middle - high * this.#gain * (middle - 4), thick, tall);
    }
    if (columns === 0) context.fillRect(0, middle, this.#surface.width, 1);
    // Loudness sets the scale, and gently: a jump would look like a sound.
    this.#gain += (1 / loudest - this.#gain) * 0.08;
  }
}
