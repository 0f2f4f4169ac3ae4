// The comparison in a page: what bench/features.mjs opens in Chromium.
import { compare } from './compare.mjs';

/**
 * @param {number[]} speech
 * @param {number} sampleRate
 */
export async function run(speech, sampleRate) {
  const libraries = '/bench/node_modules';
  const load = (/** @type {string} */ address) => import(address);
  const { EssentiaWASM } = await load(`${libraries}/essentia.js/dist/essentia-wasm.es.js`);
  const { default: Essentia } = await load(`${libraries}/essentia.js/dist/essentia.js-core.es.js`);
  // In the page itself: a recognizer's module is its worker's.
  const { default: init, WasmInputStack } = await load('/pkg/speech_emotion.js');
  await init({ module_or_path: fetch('/pkg/speech_emotion_bg.wasm') });
  return compare(
    {
      // A script of the page: Meyda's own build for browsers.
      meyda: Reflect.get(globalThis, 'Meyda'),
      essentia: new Essentia(EssentiaWASM),
      features: await load('/pkg/features.js'),
      stack: new WasmInputStack(),
    },
    speech,
    sampleRate,
  );
}
