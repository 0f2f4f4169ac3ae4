/**
 * The features' entry for browsers and bundlers.
 * @module
 */
import { useSource } from './features-module.js';

// Written as one expression, so that bundlers recognise the file and copy it.
useSource(
  () => new URL('./speech_emotion_features_bg.wasm', import.meta.url),
  (location, signal) => fetch(location, { signal }),
);

export { SpeechEmotionError } from './errors.js';
export * from './features-api.js';
export { Extractor, FeatureStream } from './features-classes.js';
export { FEATURES } from './names.js';
