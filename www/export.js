/** What is saved of a clip: its answer and its course, as data or as a picture. */

import { EMOTIONS, clock, percent } from './page.js';
import { inWords } from './bars.js';
import { drawLanes } from './lanes.js';
import { palette } from './palette.js';

/** @typedef {import('./clip-panel.js').Opened} Opened */

/** @param {Opened} opened */
export function asJson({ name, seconds, analysis, moments }) {
  const { label, probabilities, speech, unsure = false } = analysis;
  const about = 'A portrayed emotion as a network hears it, never what someone feels.';
  return JSON.stringify(
    { about, name, seconds, label, unsure, probabilities, speech, segments: moments },
    null,
    1,
  );
}

/** @param {Opened} opened */
export function asCsv({ moments }) {
  const head = [
    'start',
    'end',
    'speech',
    'label',
    'unsure',
    ...EMOTIONS,
    ...EMOTIONS.map((name) => `${name}_smoothed`),
  ];
  const rows = moments.map(({ start, end, speech, label, unsure = false, probabilities, smoothed }) => [
    start,
    end,
    speech.toFixed(4),
    label ?? '',
    unsure,
    ...EMOTIONS.map((name) => probabilities?.[name].toFixed(4) ?? ''),
    ...EMOTIONS.map((name) => smoothed?.[name].toFixed(4) ?? ''),
  ]);
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/**
 * The three plots over one another, with what was answered.
 * @param {Opened} opened
 * @param {import('./clip-view.js').ClipView} view
 * @returns {Promise<Blob>}
 */
async function asPng({ name, seconds, analysis, moments }, view) {
  const canvas = document.createElement('canvas');
  const [width, height, left, plot] = [1600, 900, 130, 1430];
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (context === null) throw new TypeError('expected a canvas with a 2d context, got none');
  const { panel, ink, soft, emotions } = palette();
  const { word, share } = inWords(analysis);
  context.fillStyle = panel;
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink;
  context.textBaseline = 'middle';
  context.font = '600 34px system-ui, sans-serif';
  context.fillText(`${word}${share === undefined ? '' : ` ${percent(share)}`}`, left, 50);
  context.fillStyle = soft;
  context.font = '20px system-ui, sans-serif';
  context.fillText(`${name}, ${clock(seconds)}`, left, 92, plot);
  const at = (/** @type {number} */ top, /** @type {() => void} */ paint) => {
    context.save();
    context.translate(left, top);
    paint();
    context.restore();
  };
  at(125, () => view.paintWave(context, plot, 140));
  at(270, () => view.paintSpectrogram(context, plot, 220));
  const lanes = { from: 0, to: seconds, width: plot, height: 320, names: false };
  at(505, () => drawLanes(context, moments, lanes));
  context.textAlign = 'right';
  for (const [row, emotion] of EMOTIONS.entries()) {
    context.fillStyle = emotions[emotion];
    context.fillText(emotion, left - 14, 505 + (row + 0.5) * 40);
  }
  context.fillStyle = soft;
  context.fillText(clock(seconds), left + plot, 850);
  context.textAlign = 'left';
  context.fillText('0:00', left, 850);
  context.font = '16px system-ui, sans-serif';
  context.fillText(
    'speech-emotion: a portrayed emotion as a network hears it, never what someone feels',
    left,
    880,
  );
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new RangeError('out of memory'))), 'image/png');
  });
}

/**
 * Saves through the browser's own download: nothing is sent.
 * @param {string} kind json, csv or png
 * @param {Opened} opened
 * @param {import('./clip-view.js').ClipView} view
 */
export async function save(kind, opened, view) {
  const text = (/** @type {string} */ body, /** @type {string} */ type) => new Blob([body], { type });
  const blob =
    kind === 'json'
      ? text(asJson(opened), 'application/json')
      : kind === 'csv'
        ? text(asCsv(opened), 'text/csv')
        : await asPng(opened, view);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${opened.name.replace(/\.[^.]+$/, '')}-emotion.${kind}`;
  link.click();
  // Later: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
