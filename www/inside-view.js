/** The two pictures of a look inside. */

import { find, percent } from './page.js';
import { onTheme, palette } from './palette.js';
import { Surface } from './surface.js';

/** @typedef {import('speech-emotion').Features} Features */

/** The network's rows from top to bottom, with what they are called; the highest band on top. */
const GROUPS = /** @type {const} */ ([
  { rows: ['log_mel'], name: 'log-mel spectrogram, 64', together: true, share: 0.5 },
  { rows: ['mfcc'], name: 'MFCC, 20', together: false, share: 0.22 },
  { rows: ['chroma_stft'], name: 'chroma, 12', together: true, share: 0.14 },
  {
    rows: ['rms', 'zero_crossing_rate', 'spectral_centroid', 'spectral_rolloff', 'spectral_flatness'],
    name: 'level, zero crossings, centroid, rolloff, flatness',
    together: false,
    share: 0.14,
  },
]);
/** Between groups, pixels of the page. */
const GAP = 4;
/** The log-mel bands' quietest, dB below the loudest of the clip. */
const RANGE_DB = 80;

export class FeaturePicture {
  #surface;
  /** @type {Features | undefined} */
  #features;
  /** A picture for each group. @type {HTMLCanvasElement[]} */
  #pictures = [];

  /** @param {string} selector */
  constructor(selector) {
    this.#surface = new Surface(find(selector, HTMLCanvasElement), () => this.#draw());
    onTheme(() => this.#paint());
  }

  /** @param {Features} features @param {number} seconds */
  show(features, seconds) {
    this.#features = features;
    this.#paint();
    const names = GROUPS.map(({ name }) => name).join('; ');
    this.#surface.describe(`Input features of ${seconds.toFixed(1)} seconds, from top to bottom: ${names}`);
  }

  #paint() {
    const features = this.#features;
    if (features === undefined) return;
    this.#pictures = GROUPS.map(({ rows, together }) => {
      const matrices = rows.map((name) => (name === 'rms' ? decibels(features.rms) : features[name]));
      return picture(matrices, together, rows[0] === 'log_mel');
    });
    this.#draw();
  }

  #draw() {
    const { width, height } = this.#surface;
    if (width === 0) return;
    const context = this.#surface.begin();
    const { ramp, ink } = palette();
    const room = height - GAP * (GROUPS.length - 1);
    context.imageSmoothingEnabled = false;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'top';
    let top = 0;
    for (const [index, { share, name }] of GROUPS.entries()) {
      const tall = room * share;
      const image = this.#pictures[index];
      context.fillStyle = `rgb(${ramp[0]} ${ramp[1]} ${ramp[2]})`;
      context.fillRect(0, top, width, tall);
      if (image) context.drawImage(image, 0, top, width, tall);
      label(context, name, 4, top + 3, ink);
      top += tall + GAP;
    }
  }
}

/** Words on a ground of their own: over a picture they could not be read. @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {string} ink */
function label(context, text, x, y, ink) {
  context.globalAlpha = 0.85;
  context.fillStyle = palette().panel;
  context.fillRect(x - 2, y - 2, context.measureText(text).width + 6, 15);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(text, x + 1, y);
}

/** @param {{ data: Float32Array, shape: [number, number] }} matrix */
function decibels({ data, shape }) {
  return { data: data.map((value) => 20 * Math.log10(Math.max(1e-5, value))), shape };
}

/**
 * Rows as a picture, a pixel a value, each row or all of them together from their least to their most.
 * @param {{ data: Float32Array, shape: [number, number] }[]} matrices
 * @param {boolean} together
 * @param {boolean} isMel whether the quietest is cut off
 */
function picture(matrices, together, isMel) {
  const frames = matrices[0]?.shape[1] ?? 1;
  const rows = matrices.flatMap(({ data, shape: [bands] }) =>
    Array.from({ length: bands }, (_, band) => data.subarray(band * frames, (band + 1) * frames)),
  );
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [frames, rows.length];
  const context = canvas.getContext('2d');
  const image = context?.createImageData(frames, rows.length);
  if (!context || !image) return canvas;
  const { ramp } = palette();
  let [low, high] = rangeOf(together ? rows : []);
  if (isMel) low = Math.max(low, high - RANGE_DB);
  // Bands go up, as in every spectrogram; single features stand in their order.
  const order = matrices.length === 1 ? [...rows].reverse() : rows;
  for (const [y, row] of order.entries()) {
    if (!together) [low, high] = rangeOf([row]);
    for (let x = 0; x < frames; x += 1) {
      const share = ((row[x] ?? 0) - low) / (high - low || 1);
      const step = Math.max(0, Math.min(255, Math.round(share * 255))) * 4;
      for (let part = 0; part < 4; part += 1)
        image.data[(y * frames + x) * 4 + part] = ramp[step + part] ?? 0;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param {Float32Array[]} rows @returns {[number, number]} */
function rangeOf(rows) {
  let [low, high] = [Infinity, -Infinity];
  for (const row of rows) {
    for (const value of row) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/** The label's score without each moment, below its score with all of them. */
export class CurvePlot {
  #surface;
  /** @type {import('./occlusion.js').Occlusion | undefined} */
  #found;
  #seconds = 1;

  /** @param {string} selector */
  constructor(selector) {
    this.#surface = new Surface(find(selector, HTMLCanvasElement), () => this.#draw());
  }

  clear() {
    this.#found = undefined;
    this.#draw();
  }

  /** @param {import('./occlusion.js').Occlusion} found @param {number} seconds */
  show(found, seconds) {
    this.#found = found;
    this.#seconds = seconds;
    this.#draw();
    const { label, score, without } = found;
    const told = without.map(({ at, score: left }) => `${at.toFixed(1)} s ${percent(left)}`).join(', ');
    this.#surface.describe(`Score of ${label}, ${percent(score)} as it is; without the moment at ${told}`);
  }

  #draw() {
    const { width, height } = this.#surface;
    if (width === 0) return;
    const context = this.#surface.begin();
    const { line, soft, ink, emotions } = palette();
    const y = (/** @type {number} */ share) => 6 + (1 - share) * (height - 12);
    context.fillStyle = line;
    for (const share of [0, 0.5, 1]) context.fillRect(0, Math.round(y(share)), width, 1);
    const found = this.#found;
    if (found === undefined) return;
    const x = (/** @type {number} */ at) => (at / this.#seconds) * width;
    const colour = emotions[found.label];
    const points = found.without;
    context.beginPath();
    context.moveTo(0, y(found.score));
    for (const { at, score } of points) context.lineTo(x(at), y(score));
    context.lineTo(width, y(found.score));
    context.closePath();
    context.globalAlpha = 0.25;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
    context.beginPath();
    for (const { at, score } of points) context.lineTo(x(at), y(score));
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.stroke();
    context.setLineDash([5, 4]);
    context.lineWidth = 1;
    context.strokeStyle = soft;
    context.beginPath();
    context.moveTo(0, y(found.score));
    context.lineTo(width, y(found.score));
    context.stroke();
    context.setLineDash([]);
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'top';
    const low = found.score > 0.8;
    label(
      context,
      `${found.label} ${percent(found.score)} with every moment`,
      4,
      y(found.score) + (low ? 6 : -20),
      ink,
    );
  }
}
