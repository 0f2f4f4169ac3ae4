/**
 * The features' entry for Node.
 * @module
 */
import { useSource } from './features-module.js';
import { read } from './read.js';

useSource(() => new URL('./speech_emotion_features_bg.wasm', import.meta.url), read);

export { SpeechEmotionError } from './errors.js';
export * from './features-api.js';
export { Extractor, FeatureStream } from './features-classes.js';
export { FEATURES } from './names.js';
