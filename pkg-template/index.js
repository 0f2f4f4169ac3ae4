/**
 * The package's entry for browsers and bundlers.
 * @module
 */
import { useEngine, useSource } from './client.js';

// As whole expressions, since bundlers look for them.
useSource(
  () => new URL('./speech_emotion_bg.wasm', import.meta.url),
  (location, signal) => fetch(location, { signal }),
);
useEngine(() => import('./engine.js'));

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
