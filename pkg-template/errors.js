/** @typedef {import('./index.js').ErrorCode} ErrorCode */

/** Everything that this package refuses, with a stable `code`. */
export class SpeechEmotionError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} message what was expected and what came
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    /** @readonly */
    this.code = code;
  }

  get name() {
    return 'SpeechEmotionError';
  }
}

/**
 * An argument is of the wrong kind.
 * @param {string} expected
 * @param {unknown} got
 * @returns {SpeechEmotionError}
 */
export function invalidArgument(expected, got) {
  return new SpeechEmotionError('invalid-argument', `expected ${expected}, got ${describe(got)}`);
}

/**
 * Runs a call into the module and turns its typed errors into this package's class. Anything else is a
 * fault of the package itself and passes through as it is.
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function callModule(call) {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && error.name === 'SpeechEmotionError' && 'code' in error) {
      throw new SpeechEmotionError(/** @type {ErrorCode} */ (error.code), error.message);
    }
    throw error;
  }
}

/**
 * Says briefly what a value is.
 * @param {unknown} value
 * @returns {string}
 */
export function describe(value) {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    return name && name !== 'Object' ? `an object of type ${name}` : 'a plain object';
  }
  return `a ${typeof value}`;
}
