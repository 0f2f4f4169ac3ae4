/**
 * Where browsers and bundlers find this package's files: written as whole expressions, since bundlers look for them.
 * @module
 */
import { useSource } from './module.js';

useSource(
  () => new URL('./speech_emotion_bg.wasm', import.meta.url),
  (location, signal) => fetch(location, { signal }),
);
