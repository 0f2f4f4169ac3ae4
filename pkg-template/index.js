/**
 * The package's entry for browsers and bundlers.
 * @module
 */
import { useEngine, useLocation } from './client.js';

useEngine(() => import('./local.js'));
useLocation(() => new URL('./speech_emotion_bg.wasm', import.meta.url));

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
