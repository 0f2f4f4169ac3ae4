/**
 * The package's entry for Node.
 * @module
 */
import { useEngine, useSource } from './client.js';
import { read } from './read.js';
import { useReader } from './weights.js';

useSource(() => new URL('./speech_emotion_bg.wasm', import.meta.url), read);
useEngine(() => import('./engine.js'));
useReader(read);

export { SpeechEmotionError } from './errors.js';
export { EMOTIONS, FEATURES } from './names.js';
export { Recognizer, extractFeatures } from './recognizer.js';
