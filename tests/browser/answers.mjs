// What counts as an answer on the page.
import assert from 'node:assert/strict';

import { EMOTIONS } from './harness.mjs';

/**
 * Asserts eight numbers in the fixed order that add up to 1 but for their rounding, with the largest as the label.
 * @param {Awaited<ReturnType<typeof import('./harness.mjs').shownAnswer>>} shown
 */
export function assertAnswer({ answer, speech, spoken, emotions, numbers }) {
  assert.deepEqual(emotions, EMOTIONS);
  const shares = numbers.map((number) => {
    const [, less, digits] = /^(<\s)?(\d+)\s%$/.exec(number) ?? [];
    assert.ok(digits, `expected a percentage, got ${number}`);
    return less ? 0 : Number(digits);
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  assert.ok(sum >= 96 && sum <= 104, `expected percentages of 100 in all, got ${numbers.join(' ')}`);
  const [, label, share] = /^(\w+)\s+(\d+)\s%$/.exec(answer.trim()) ?? [];
  assert.ok(label && share, `expected a label with its percentage, got ${answer}`);
  assert.equal(Number(share), Math.max(...shares));
  assert.equal(shares[EMOTIONS.indexOf(label.toLowerCase())], Number(share));
  assert.match(speech, /^[1-9]\d*\s% of the clip is speech\.$/);
  assert.match(spoken, new RegExp(`^Sounds most like ${label}, ${share}\\s%`, 'i'));
}
