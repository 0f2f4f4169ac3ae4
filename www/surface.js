/** A canvas that keeps to its size on the page and to the screen's density. */

import { onTheme } from './palette.js';

/** Pixels of the screen for one of the page, at most: more cannot be seen and costs time. */
const MOST_DENSE = 2;

export class Surface {
  width = 0;
  height = 0;
  #canvas;
  #context;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} redraw called when the size or the theme has changed
   */
  constructor(canvas, redraw) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d');
    if (context === null) throw new TypeError('expected a canvas with a 2d context, got none');
    this.#context = context;
    new ResizeObserver(() => {
      this.#measure();
      redraw();
    }).observe(canvas);
    onTheme(redraw);
    this.#measure();
  }

  #measure() {
    const density = Math.min(devicePixelRatio || 1, MOST_DENSE);
    this.width = this.#canvas.clientWidth;
    this.height = this.#canvas.clientHeight;
    const [width, height] = [Math.round(this.width * density), Math.round(this.height * density)];
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.setTransform(density, 0, 0, density, 0, 0);
  }

  /** The context, emptied; its unit is a pixel of the page. */
  begin() {
    this.#context.clearRect(0, 0, this.width, this.height);
    return this.#context;
  }

  /** What a screen reader says of it. @param {string} text */
  describe(text) {
    this.#canvas.setAttribute('aria-label', text);
  }
}
