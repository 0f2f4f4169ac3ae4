/**
 * The WebAssembly module with the network, instantiated once in each thread for every recognizer.
 * @module
 */
import { createLoader } from './loader.js';
import { initSync } from './speech_emotion.js';

export const { load, useSource } = createLoader(initSync);
