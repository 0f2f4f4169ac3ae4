/** Shows an answer: the label, the eight bars, and how much of the clip was speech. */

/** @typedef {import('./analysis.js').Prediction} Prediction */

/**
 * @param {number} share of 1
 * @returns {string} whole per cent, with a space that does not break
 */
export function percent(share) {
  return share > 0 && share < 0.005 ? '<\u202f1\u202f%' : `${Math.round(share * 100)}\u202f%`;
}

/**
 * @template {Element} T
 * @param {Element} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T} the element there, which the page's HTML promises
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new TypeError(`expected ${selector} in the page, found none`);
  return element;
}

/** The answer's part of the page. */
export class Result {
  #answer = find(document.body, '#answer', HTMLElement);
  #label = find(this.#answer, 'strong', HTMLElement);
  #share = find(this.#answer, 'span', HTMLElement);
  #speech = find(document.body, '#speech', HTMLElement);
  /** @type {NodeListOf<HTMLElement>} */
  #bars = document.querySelectorAll('#bars li');

  /** Empties it, for a clip that has no answer yet or will have none. */
  clear() {
    this.#fill('No answer yet', null, null, '\u00a0');
  }

  /**
   * @param {Prediction} prediction
   * @returns {string} the same in words, for a screen reader
   */
  show({ label, probabilities, speech }) {
    const heard = `${percent(speech)} of the clip is speech.`;
    if (label === null || probabilities === null) {
      this.#fill('No speech found', null, null, heard);
      return `No speech found. ${heard}`;
    }
    const share = probabilities[label];
    this.#fill(label, label, probabilities, heard);
    return `Sounds most like ${label}, ${percent(share)}. ${heard}`;
  }

  /**
   * @param {string} text
   * @param {string | null} label
   * @param {Record<string, number> | null} probabilities
   * @param {string} speech
   */
  #fill(text, label, probabilities, speech) {
    this.#label.textContent = text;
    this.#share.textContent = label === null ? '' : percent(probabilities?.[label] ?? 0);
    this.#speech.textContent = speech;
    this.#answer.toggleAttribute('data-emotion', label !== null);
    if (label !== null) this.#answer.dataset.emotion = label;
    for (const row of this.#bars) {
      const share = probabilities?.[row.dataset.emotion ?? ''];
      row.toggleAttribute('data-top', row.dataset.emotion === label);
      row.style.setProperty('--share', String(share ?? 0));
      find(row, '.number', HTMLElement).textContent = share === undefined ? '–' : percent(share);
    }
  }
}
