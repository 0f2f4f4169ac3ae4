/** The time course as eight lanes, one an emotion: the higher a mark, the more probable; filled is the answer. */

import { clock, EMOTIONS, find } from './page.js';
import { palette } from './palette.js';
import { Surface } from './surface.js';

/**
 * @typedef {import('./page.js').Emotion} Emotion
 *
 * @typedef {object} Moment
 * @property {number} start seconds
 * @property {number} end seconds
 * @property {Emotion | null} label
 * @property {Record<Emotion, number> | null} smoothed
 * @property {boolean} [unsure]
 */

/** Seconds that a moment's mark stands for: answers are half a second apart. */
const STEP = 0.5;

/**
 * Draws lanes into any context.
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Moment[]} moments in their order
 * @param {{ from: number, to: number, width: number, height: number, names: boolean }} frame times in seconds
 */
export function drawLanes(context, moments, { from, to, width, height, names }) {
  const { emotions, line, soft } = palette();
  const lane = height / EMOTIONS.length;
  context.fillStyle = line;
  for (let n = 1; n <= EMOTIONS.length; n += 1) context.fillRect(0, Math.round(n * lane) - 1, width, 1);
  const scale = width / (to - from);
  const columns = Math.ceil(width);
  // More moments than pixels: each pixel shows its most probable.
  const best = new Float32Array(columns);
  const named = new Uint8Array(columns);
  for (const [row, emotion] of EMOTIONS.entries()) {
    best.fill(0);
    named.fill(0);
    for (const { end, label, smoothed, unsure } of moments) {
      if (smoothed === null || end <= from || end - STEP >= to) continue;
      const left = Math.max(0, Math.floor((end - STEP - from) * scale));
      const right = Math.min(columns, Math.max(left + 1, Math.floor((end - from) * scale)));
      for (let x = left; x < right; x += 1) {
        best[x] = Math.max(best[x] ?? 0, smoothed[emotion]);
        if (label === emotion && !unsure) named[x] = 1;
      }
    }
    context.fillStyle = emotions[emotion];
    const floor = Math.round((row + 1) * lane) - 1;
    for (let x = 0; x < columns; x += 1) {
      const share = best[x] ?? 0;
      if (share < 0.01) continue;
      let end = x + 1;
      while (end < columns && best[end] === share && named[end] === named[x]) end += 1;
      const tall = Math.max(1, share * (lane - 5));
      context.globalAlpha = named[x] ? 1 : 0.38;
      context.fillRect(x, floor - tall, end - x, tall);
      // The answer's lane is marked along its floor too: to be seen without colours.
      if (named[x]) context.fillRect(x, floor - 2, end - x, 3);
      x = end - 1;
    }
    context.globalAlpha = 1;
    if (names) {
      context.fillStyle = soft;
      context.font = '11px system-ui, sans-serif';
      context.textBaseline = 'top';
      context.fillText(emotion, 2, row * lane + 2);
    }
  }
}

/**
 * The course in words: runs of one answer.
 * @param {readonly Moment[]} moments
 * @returns {string}
 */
export function courseInWords(moments) {
  /** @type {{ what: string, from: number, to: number }[]} */
  const runs = [];
  for (const { end, label, unsure } of moments) {
    const what = label === null ? 'no speech' : unsure ? 'not sure' : label;
    const last = runs.at(-1);
    if (last?.what === what) last.to = end;
    else runs.push({ what, from: Math.max(0, end - STEP), to: end });
  }
  const told = runs.slice(-12).map(({ what, from, to }) => `${clock(from)} to ${clock(to)} ${what}`);
  return (runs.length > 12 ? `the last of ${runs.length} parts: ` : '') + (told.join(', ') || 'empty');
}

export class Lanes {
  #surface;
  /** @type {readonly Moment[]} */
  #moments = [];
  #from = 0;
  #to = 1;
  #narrow = matchMedia('(max-width: 54rem)');

  /** @param {string} selector */
  constructor(selector) {
    this.#surface = new Surface(find(selector, HTMLCanvasElement), () => this.#draw());
  }

  /**
   * @param {readonly Moment[]} moments
   * @param {number} from seconds
   * @param {number} to seconds
   */
  show(moments, from, to) {
    this.#moments = moments;
    this.#from = from;
    this.#to = to;
    this.#draw();
  }

  /** @param {string} text */
  describe(text) {
    this.#surface.describe(text);
  }

  #draw() {
    const { width, height } = this.#surface;
    if (width === 0) return;
    const frame = { from: this.#from, to: this.#to, width, height, names: this.#narrow.matches };
    drawLanes(this.#surface.begin(), this.#moments, frame);
  }
}
