// What counts as an answer on the page.
import assert from 'node:assert/strict';

import { EMOTIONS } from './harness.mjs';

/**
 * Asserts eight numbers in the fixed order that add up to 1 but for their rounding, and the largest as the label, or
 * "not sure" with the largest as the nearest.
 * @param {Awaited<ReturnType<typeof import('./harness.mjs').shown>>} shown
 */
export function assertAnswer({ answer, detail, emotions, numbers, top }) {
  assert.deepEqual(emotions, EMOTIONS);
  const shares = numbers.map((number) => {
    const [, less, digits] = /^(<\s)?(\d+)\s%$/.exec(number) ?? [];
    assert.ok(digits, `expected a percentage, got ${number}`);
    return less ? 0 : Number(digits);
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  assert.ok(sum >= 96 && sum <= 104, `expected percentages of 100 in all, got ${numbers.join(' ')}`);
  const sure = /^(\w+) (\d+)\s%$/.exec(answer);
  const [, label = '', share] = sure ?? /^Nearest is (\w+), (\d+)\s%/.exec(detail) ?? [];
  assert.ok(share, `expected a label with its percentage or one that is nearest, got ${answer}: ${detail}`);
  if (!sure) assert.equal(answer, 'Not sure');
  assert.deepEqual(top, sure ? [label.toLowerCase()] : []);
  assert.equal(shares[EMOTIONS.indexOf(label.toLowerCase())], Number(share));
}

/**
 * Asserts the same of a clip's answer, whose label is the most probable and not a steadied one.
 * @param {Awaited<ReturnType<typeof import('./harness.mjs').shown>>} shown
 */
export function assertClipAnswer(shown) {
  assertAnswer(shown);
  assert.match(shown.detail, /[1-9]\d*\s% of it is speech\.$/);
  const shares = shown.numbers.map((number) => (number.startsWith('<') ? 0 : parseInt(number, 10)));
  const [, share] = /(\d+)\s%/.exec(`${shown.answer} ${shown.detail}`) ?? [];
  assert.equal(Number(share), Math.max(...shares));
}

/**
 * Asserts that there is none.
 * @param {Awaited<ReturnType<typeof import('./harness.mjs').shown>>} shown
 */
export function assertNoSpeech({ answer, numbers, top }) {
  assert.equal(answer, 'No speech');
  assert.deepEqual(new Set(numbers), new Set(['–']));
  assert.deepEqual(top, []);
}

/**
 * How many colours a canvas has, up to 1000: one where nothing is drawn.
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 */
export function coloursOf(page, selector) {
  return page.locator(selector).evaluate((element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    // A copy: reading the page's own often would have the browser complain.
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext('2d'));
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set(new Uint32Array(data.buffer));
    return Math.min(1000, colours.size);
  });
}
