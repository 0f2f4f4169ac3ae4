// The network by three runtimes in Node: prints the comparison as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

import { speech } from '../clip.mjs';
import { compareNetworks } from './compare.mjs';
import { WEIGHTS, exportOnnx } from './onnx.mjs';
import { toTfjs } from './tfjs.mjs';
import { readWeights } from './weights.mjs';

// By address alone: they are installed for the benchmark only.
const commonJs = createRequire(import.meta.url);
const [tfName, backendName, ortName] = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  'onnxruntime-web',
];
const tf = commonJs(tfName);
const backend = commonJs(backendName);
backend.setWasmPaths(dirname(commonJs.resolve(backendName)) + sep);
backend.setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

const packaged = (/** @type {string} */ file) => new URL(`../../pkg/${file}`, import.meta.url).href;
const { Recognizer } = await import(packaged('node.js'));
(await Recognizer.load()).dispose();
const { WasmInputStack, WasmRecognizer } = await import(packaged('speech_emotion.js'));

const tensors = readWeights(readFileSync(WEIGHTS));
const comparison = await compareNetworks(
  {
    recognizer: new WasmRecognizer(),
    stack: new WasmInputStack(),
    ort: await import(ortName),
    onnx: readFileSync(exportOnnx()),
    tfjs: toTfjs(tf, tensors),
    tensors,
  },
  Float32Array.from(speech()),
);
console.log(JSON.stringify({ engine: `Node ${process.version}`, ...comparison }));
