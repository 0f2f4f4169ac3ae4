/** Says to a screen reader what has settled, and not every change on the way. */

import { announce } from './page.js';

/** How long an answer has to stand before it is said, and how long nothing is said after that, ms. */
const STANDS = 1400;
const QUIET = 4000;

export class Settled {
  #said = '';
  #now = '';
  #since = 0;
  #lastSaid = -QUIET;

  /** Begins anew. */
  reset() {
    this.#said = '';
    this.#now = '';
    this.#lastSaid = -QUIET;
  }

  /**
   * @param {string} text what holds now
   * @param {number} [now] ms
   */
  hear(text, now = performance.now()) {
    if (text !== this.#now) {
      this.#now = text;
      this.#since = now;
    }
    const settled = now - this.#since >= STANDS && now - this.#lastSaid >= QUIET;
    if (!settled || text === this.#said) return;
    this.#said = text;
    this.#lastSaid = now;
    announce(text);
  }
}
