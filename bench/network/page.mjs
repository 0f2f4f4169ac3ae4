// The network by three runtimes in a page: what bench/network/chromium.mjs opens.
import { compareNetworks } from './compare.mjs';
import { toTfjs } from './tfjs.mjs';
import { readWeights } from './weights.mjs';

const LIBRARIES = '/bench/node_modules';
const ORT = `${LIBRARIES}/onnxruntime-web/dist/`;

/** @param {string} address */
async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`expected ${address}, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {number[]} speech 3 s at 16 kHz */
export async function run(speech) {
  const load = (/** @type {string} */ address) => import(address);
  // A script of the page, as its own build for browsers is.
  const tf = Reflect.get(globalThis, 'tf');
  tf.wasm.setWasmPaths(`${LIBRARIES}/@tensorflow/tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const ort = await load(`${ORT}ort.wasm.min.mjs`);
  ort.env.wasm.wasmPaths = new URL(ORT, import.meta.url).href;
  const { default: init, WasmInputStack, WasmRecognizer } = await load('/pkg/speech_emotion.js');
  await init({ module_or_path: fetch('/pkg/speech_emotion_bg.wasm') });
  const tensors = readWeights(await bytes('/src/model/speech_emotion.weights'));
  return compareNetworks(
    {
      recognizer: new WasmRecognizer(),
      stack: new WasmInputStack(),
      ort,
      onnx: await bytes('/.cache/bench/network.onnx'),
      tfjs: toTfjs(tf, tensors),
      tensors,
    },
    Float32Array.from(speech),
  );
}
