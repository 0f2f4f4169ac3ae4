/**
 * The WebAssembly module without the network, instantiated once for every function.
 * @module
 */
import { createLoader } from './loader.js';
import { initSync } from './speech_emotion_features.js';

export const { load, useSource } = createLoader(initSync);
