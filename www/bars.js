/** The eight bars, and the line above them that names the answer. */

import { find, percent } from './page.js';

/** @typedef {import('speech-emotion').Emotion} Emotion */
/** @typedef {Record<Emotion, number>} Probabilities */

/** Eight bars with their numbers. */
export class Bars {
  #rows;

  /** @param {string} selector */
  constructor(selector) {
    this.#rows = [...document.querySelectorAll(`${selector} li`)].map((row) => {
      const number = find('.number', HTMLElement, row);
      return {
        row: /** @type {HTMLElement} */ (row),
        number,
        emotion: row.getAttribute('data-emotion') ?? '',
        last: '',
      };
    });
  }

  /**
   * @param {Probabilities | null} probabilities
   * @param {Emotion | null} label
   */
  show(probabilities, label) {
    for (const each of this.#rows) {
      const share = probabilities?.[/** @type {Emotion} */ (each.emotion)];
      const text = share === undefined ? '–' : percent(share);
      each.row.toggleAttribute('data-top', each.emotion === label);
      each.row.style.setProperty('--share', (share ?? 0).toFixed(4));
      if (text === each.last) continue;
      each.number.textContent = text;
      each.last = text;
    }
  }
}

/** The answer in a word, with its glyph, its share and a line of detail. */
export class Answer {
  #line;
  #use;
  #word;
  #share;
  #detail;

  /** @param {string} line @param {string} detail */
  constructor(line, detail) {
    this.#line = find(line, HTMLElement);
    this.#use = find('use', SVGUseElement, this.#line);
    this.#word = find('strong', HTMLElement, this.#line);
    this.#share = find('span', HTMLElement, this.#line);
    this.#detail = find(detail, HTMLElement);
  }

  /**
   * @param {string} word
   * @param {{ emotion?: Emotion | null, share?: number | undefined, detail?: string }} [more]
   */
  show(word, { emotion = null, share, detail = '' } = {}) {
    this.#word.textContent = word;
    this.#share.textContent = share === undefined ? '' : percent(share);
    this.#detail.textContent = detail || '\u00a0';
    this.#use.setAttribute('href', `#g-${emotion ?? 'none'}`);
    if (emotion === null) delete this.#line.dataset.emotion;
    else this.#line.dataset.emotion = emotion;
  }
}

/**
 * @typedef {object} Heard
 * @property {Emotion | null} label
 * @property {Probabilities | null} probabilities
 * @property {boolean} [unsure] whether the network's confidence is too low to name one
 */

/**
 * What an answer is called: an emotion, "not sure" with the nearest one, or no speech.
 * @param {Heard} heard
 * @returns {{ word: string, emotion: Emotion | null, share: number | undefined, note: string }}
 */
export function inWords({ label, probabilities, unsure = false }) {
  if (label === null || probabilities === null) {
    return {
      word: 'No speech',
      emotion: null,
      share: undefined,
      note: 'There is no emotion to hear without speech.',
    };
  }
  const share = probabilities[label];
  if (unsure) {
    return {
      word: 'Not sure',
      emotion: null,
      share: undefined,
      note: `Nearest is ${label}, ${percent(share)}: too little to name it.`,
    };
  }
  return { word: label[0]?.toUpperCase() + label.slice(1), emotion: label, share, note: '' };
}
