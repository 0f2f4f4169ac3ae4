/** The page's elements, and how numbers and times are written. */

/** @typedef {import('speech-emotion').Emotion} Emotion */

/** The eight emotions, in the order of bars and lanes. @type {readonly Emotion[]} */
export const EMOTIONS = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fear', 'disgust', 'surprise'];

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [root]
 * @returns {T} the element there, which the page's HTML promises
 */
export function find(selector, type, root = document) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new TypeError(`expected ${selector} in the page, found none`);
  return element;
}

/**
 * @param {number} share of 1
 * @returns {string} whole per cent, with a space that does not break
 */
export function percent(share) {
  return share > 0 && share < 0.005 ? '<\u202f1\u202f%' : `${Math.round(share * 100)}\u202f%`;
}

/**
 * @param {number} seconds
 * @returns {string} as 0:07 or 1:02:07
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const announcement = find('#announcement', HTMLElement);

/** Says something to a screen reader, politely. @param {string} text */
export function announce(text) {
  announcement.textContent = text;
}

/**
 * A line that says how things stand.
 * @param {HTMLElement} line
 * @param {string} text
 * @param {'busy' | 'ready' | 'problem'} kind
 */
export function say(line, text, kind) {
  if (line.textContent !== text) line.textContent = text;
  line.dataset.kind = kind;
}

/** Waits until what is there has been painted, or could have been where the page is out of sight. @returns {Promise<void>} */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve, 0));
    setTimeout(resolve, 300);
  });
}
