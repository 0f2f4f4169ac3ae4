/**
 * The package's entry for browsers and bundlers.
 * @module
 */
import './browser.js';

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
