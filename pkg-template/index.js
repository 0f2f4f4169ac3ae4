/**
 * The package's entry for browsers and bundlers.
 * @module
 */
import { useEngine } from './client.js';

useEngine(() => import('./local.js'));

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
