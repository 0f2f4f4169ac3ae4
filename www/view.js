/** The page's side of the worker that makes the pictures' data. */

import { fileAt } from './files.js';

/** @typedef {import('./spectrum.js').Columns} Columns */
/** @typedef {import('speech-emotion').Features} Features */

/** @type {Worker | undefined} */
let worker;
/** @type {Map<number, { resolve: (value: any) => void, reject: (error: unknown) => void }>} */
const waiting = new Map();
let last = 0;
/** @type {(columns: Columns) => void} */
let onColumns = () => {};

function start() {
  const made = new Worker(fileAt('view-worker.js'), { type: 'module', name: 'pictures' });
  made.onmessage = ({ data: { id, result, error, columns } }) => {
    if (columns) {
      onColumns(columns);
      return;
    }
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(Object.assign(new Error(error.message), error));
    else resolve?.(result);
  };
  made.onerror = (event) => {
    event.preventDefault();
    worker = undefined;
    for (const { reject } of waiting.values())
      reject(Object.assign(new Error(event.message), { code: 'worker-failed' }));
    waiting.clear();
  };
  worker = made;
  ask('init', { wasm: fileAt('features.wasm').href }).catch(() => {});
  return made;
}

/**
 * @param {string} method
 * @param {object} [payload]
 * @param {Transferable[]} [transfer]
 * @returns {Promise<any>}
 */
function ask(method, payload = {}, transfer = []) {
  const id = (last += 1);
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    (worker ?? start()).postMessage({ id, method, payload }, transfer);
  });
}

/** Starts the worker before it is needed. */
export function prepare() {
  worker ?? start();
}

/**
 * Has what comes down a port made into columns.
 * @param {MessagePort} port
 * @param {number} sampleRate
 * @param {number} hop
 * @param {(columns: Columns) => void} listener
 * @returns {Promise<void>}
 */
export function listenTo(port, sampleRate, hop, listener) {
  onColumns = listener;
  return ask('listen', { port, sampleRate, hop }, [port]);
}

/** The last seconds of what was listened to. @returns {Promise<Float32Array<ArrayBuffer>>} */
export const heard = () => ask('heard');

/**
 * Begins a clip's picture and tells how many columns it will have.
 * @param {number} sampleRate
 * @param {number} length
 * @returns {Promise<number>}
 */
export const openClip = (sampleRate, length) => ask('open', { sampleRate, length });

/** @param {Float32Array<ArrayBuffer>[]} channels handed over @returns {Promise<Columns>} */
export const pushClip = (channels) =>
  ask(
    'piece',
    { channels },
    channels.map(({ buffer }) => buffer),
  );

/** @returns {Promise<Columns>} */
export const closeClip = () => ask('close');

/** @param {Float32Array} samples at 16 kHz @returns {Promise<Features>} */
export const stackOf = (samples) => ask('stack', { samples });
