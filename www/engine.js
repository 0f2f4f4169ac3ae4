/** The network in the package's worker: loaded once, as soon as the page is. */

import { Recognizer } from 'speech-emotion';

import { choices, choose } from './choices.js';
import { fileAt } from './files.js';
import { problem } from './messages.js';
import { painted } from './page.js';

/**
 * The module is compiled while it comes, beside the worker's own start; where that fails the package tries by itself
 * and says why it can't.
 * @param {(share: number) => void} onProgress
 * @returns {Promise<WebAssembly.Module | URL>}
 */
async function compile(onProgress) {
  const address = fileAt('network.wasm');
  const total = Number(document.body.dataset.networkBytes);
  try {
    const response = await fetch(address);
    if (!response.ok || !response.body) return address;
    let loaded = 0;
    const counted = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          onProgress(loaded / total);
          controller.enqueue(chunk);
        },
      }),
    );
    return await WebAssembly.compileStreaming(
      new Response(counted, { headers: { 'Content-Type': 'application/wasm' } }),
    );
  } catch {
    return address;
  }
}

/** @param {(share: number) => void} onProgress */
async function load(onProgress) {
  if (typeof WebAssembly !== 'object') throw problem('no-wasm');
  // The page first: the module is most of what is downloaded.
  await painted();
  const [worker, captureWorklet] = [fileAt('worker.js'), fileAt('capture-worklet.js')];
  // Into the browser's cache, beside the module: the worker starts when that is there.
  fetch(worker).catch(() => {});
  const wasm = await compile(onProgress);
  const made = await Recognizer.load({ assets: { wasm, worker, captureWorklet } });
  const { baseline } = choices();
  // What is kept may be another version's: then it is as if there were none.
  if (baseline) await made.calibrate(baseline).catch(() => choose({ baseline: null }));
  return made;
}

/** @type {Promise<Recognizer> | undefined} */
let loading;

/**
 * The recognizer; a failed attempt is forgotten, so that the next call tries again.
 * @param {(share: number) => void} [onProgress] hears of the download, if this call begins it
 * @returns {Promise<Recognizer>}
 */
export function recognizer(onProgress = () => {}) {
  loading ??= load(onProgress).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
