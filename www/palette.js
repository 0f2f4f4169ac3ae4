/** The theme's colours for canvases, which style sheets don't reach. */

import { EMOTIONS } from './page.js';

/** @typedef {import('./page.js').Emotion} Emotion */

/**
 * @typedef {object} Palette
 * @property {string} ink
 * @property {string} soft
 * @property {string} line
 * @property {string} track
 * @property {string} panel
 * @property {string} focus
 * @property {Record<Emotion, string>} emotions
 * @property {Uint8ClampedArray} ramp red, green, blue and opacity of 256 steps from silence to loud
 */

/** @returns {Palette} */
function read() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const emotions = /** @type {Record<Emotion, string>} */ (
    Object.fromEntries(EMOTIONS.map((name) => [name, colour(name)]))
  );
  const [ink, soft, line, track, panel, focus] = ['ink', 'soft', 'line', 'track', 'panel', 'focus'].map(
    colour,
  );
  return /** @type {Palette} */ ({
    ink,
    soft,
    line,
    track,
    panel,
    focus,
    emotions,
    ramp: rampOf(colour('ramp')),
  });
}

/**
 * @param {string} stops colours like #1a2b3c, parted by spaces
 * @returns {Uint8ClampedArray}
 */
function rampOf(stops) {
  const colours = stops
    .split(/\s+/)
    .map((stop) => [1, 3, 5].map((at) => parseInt(stop.slice(at, at + 2), 16)));
  const ramp = new Uint8ClampedArray(1024);
  for (let step = 0; step < 256; step += 1) {
    const place = (step / 255) * (colours.length - 1);
    const below = Math.min(Math.floor(place), colours.length - 2);
    for (let part = 0; part < 3; part += 1) {
      const [from, to] = [colours[below]?.[part] ?? 0, colours[below + 1]?.[part] ?? 0];
      ramp[step * 4 + part] = from + (to - from) * (place - below);
    }
    ramp[step * 4 + 3] = 255;
  }
  return ramp;
}

let current = read();
/** @type {Set<() => void>} */
const listeners = new Set();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  current = read();
  for (const listener of listeners) listener();
});

export function palette() {
  return current;
}

/** Has something drawn again when the theme changes. @param {() => void} listener */
export function onTheme(listener) {
  listeners.add(listener);
}
