/**
 * The package's entry for browsers and bundlers.
 * @module
 */
import { useSource } from './module.js';

// Written as one expression, so that bundlers recognise the file and copy it.
useSource(
  () => new URL('./speech_emotion_bg.wasm', import.meta.url),
  (location) => fetch(location),
);

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
