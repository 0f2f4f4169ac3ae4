/** The page's side of the analysis worker. */

/**
 * @typedef {import('./recorder.js').Clip} Clip
 *
 * @typedef {import('../pkg-template/index.js').Prediction} Prediction
 *
 * @typedef {object} Answer
 * @property {Prediction} prediction
 * @property {number} milliseconds how long the analysis took
 *
 * @typedef {{ resolve: (value: any) => void, reject: (error: Error) => void }} Waiting
 */

/** An error that came out of the worker, with its stable code. */
export class AnalysisError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'AnalysisError';
    this.code = code;
  }
}

/** Runs the package in a worker, so that the page never waits for it. */
export class Analysis {
  #worker = new Worker(new URL('./analysis-worker.js', import.meta.url), { type: 'module' });
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #next = 0;
  /** @type {AnalysisError | undefined} */
  #failure;

  constructor() {
    this.#worker.addEventListener('message', ({ data: { id, error, result } }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new AnalysisError(error.code, error.message));
      else waiting?.resolve(result);
    });
    this.#worker.addEventListener('error', ({ message }) => {
      const failure = new AnalysisError('worker', message ?? 'the worker did not load');
      this.#failure = failure;
      this.#waiting.forEach(({ reject }) => reject(failure));
      this.#waiting.clear();
    });
  }

  /**
   * Loads the model; analyses wait for it of themselves.
   *
   * @returns {Promise<void>}
   */
  load() {
    return this.#ask({ kind: 'load' }, []);
  }

  /**
   * @param {Clip} clip its channels are transferred: the caller's are empty afterwards
   * @returns {Promise<Answer>}
   */
  analyze({ channels, sampleRate }) {
    const buffers = channels.map((channel) => channel.buffer);
    return this.#ask({ kind: 'analyze', channels, sampleRate }, buffers);
  }

  /**
   * @param {object} request
   * @param {Transferable[]} transfer
   * @returns {Promise<any>}
   */
  #ask(request, transfer) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request }, transfer);
    });
  }
}
