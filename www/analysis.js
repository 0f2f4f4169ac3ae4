/** The page's side of the package, which runs the network in a worker of its own. */

/**
 * @typedef {import('./recorder.js').Clip} Clip
 *
 * @typedef {typeof import('../pkg-template/index.js')} Package
 * @typedef {import('../pkg-template/index.js').Recognizer} Recognizer
 * @typedef {import('../pkg-template/index.js').Prediction} Prediction
 *
 * @typedef {object} Answer
 * @property {Prediction} prediction
 * @property {number} milliseconds how long the analysis took
 */

/**
 * Imported by address at run time: what fails while loading is then an answer like any other.
 *
 * @returns {Promise<Recognizer>}
 */
async function load() {
  try {
    /** @type {Package} */
    const { Recognizer } = await import(new URL('./pkg/index.js', import.meta.url).href);
    return await Recognizer.load();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'load-failed';
    throw Object.assign(new Error(String(cause)), { code, cause });
  }
}

export class Analysis {
  /** @type {Promise<Recognizer> | undefined} */
  #recognizer;

  /**
   * Loads the model; analyses wait for it of themselves. A failed attempt is forgotten.
   *
   * @returns {Promise<Recognizer>}
   */
  load() {
    this.#recognizer ??= load().catch((error) => {
      this.#recognizer = undefined;
      throw error;
    });
    return this.#recognizer;
  }

  /**
   * @param {Clip} clip
   * @returns {Promise<Answer>}
   */
  async analyze({ channels, sampleRate }) {
    const recognizer = await this.load();
    const start = performance.now();
    const prediction = await recognizer.analyze(channels, { sampleRate, segments: false });
    return { prediction, milliseconds: performance.now() - start };
  }
}
