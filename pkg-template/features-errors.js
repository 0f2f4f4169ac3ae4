/**
 * Errors of the features' options, which the module names as librosa does: `n_fft`.
 * @module
 */
import { SpeechEmotionError, callModule as call } from './errors.js';
import { FEATURES } from './names.js';

/**
 * Runs a call into the module: see `callModule` of errors.js.
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
export function callModule(work) {
  try {
    return call(work);
  } catch (error) {
    throw withOptionNames(error);
  }
}

/**
 * The same error with options as they are named here: `nFft`. Names of features are the same in both.
 * @param {unknown} error
 */
export function withOptionNames(error) {
  if (!(error instanceof SpeechEmotionError) || error.code !== 'parameter') return error;
  const message = error.message.replace(/[a-z]+(?:_[a-z]+)+/g, (name) =>
    FEATURES.some((feature) => feature === name)
      ? name
      : name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
  );
  return new SpeechEmotionError(error.code, message);
}
