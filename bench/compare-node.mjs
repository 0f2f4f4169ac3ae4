// The comparison in Node: prints its rows as JSON.
import { createRequire } from 'node:module';

import { SPEECH_RATE, rawSpeech } from './clip.mjs';
import { compare } from './compare.mjs';

// By address alone: they are installed for the benchmark only, and have no types.
const commonJs = createRequire(import.meta.url);
const [essentiaName, meydaName] = ['essentia.js', 'meyda'];
const { Essentia, EssentiaWASM } = commonJs(essentiaName);
const { default: meyda } = await import(meydaName);
const packaged = (/** @type {string} */ file) => new URL(`../pkg/${file}`, import.meta.url).href;
const { Recognizer } = await import(packaged('node.js'));
// The module with the network, instantiated.
(await Recognizer.load()).dispose();
const { WasmInputStack } = await import(packaged('speech_emotion.js'));
const libraries = {
  meyda,
  essentia: new Essentia(EssentiaWASM),
  features: await import(packaged('features-node.js')),
  stack: new WasmInputStack(),
};
console.log(JSON.stringify(await compare(libraries, rawSpeech(), SPEECH_RATE)));
