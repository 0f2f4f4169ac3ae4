// The shipped weights as plain tensors: the file that src/model/weights/mod.rs documents, read anew so that other
// runtimes can be given the same network. Imports nothing: used in Node and in a page.

/**
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array} values row-major
 *
 * @typedef {Map<string, Tensor>} Tensors by name, such as `stages.0.first.conv.weight`
 */

/** What the file's tensors do not say: src/model/config.rs, `NetworkConfig::compact`. */
export const LAYOUT = { strides: [2, 1, 1], dilation: 2, pool: 2, leastVariance: 1e-4 };

/** Channels and frames of the network's input. */
export const INPUT = { channels: 101, frames: 188 };

const VERSION = 5;
const HEADER = 20;

/**
 * @param {Uint8Array} bytes
 * @returns {Tensors}
 */
export function readWeights(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (/** @type {number} */ at, /** @type {number} */ length) =>
    new TextDecoder().decode(bytes.subarray(at, at + length));
  if (text(0, 8) !== 'SPEMOTWT') throw new Error(`expected a weights file, got "${text(0, 8)}"`);
  const version = view.getUint16(8, true);
  if (version !== VERSION)
    throw new Error(`expected weights of version ${VERSION}, got version ${version}: read its format anew`);

  let at = HEADER;
  const byte = () => view.getUint8(at++);
  /** @param {number} count */
  const floats = (count) => Float32Array.from({ length: count }, () => view.getFloat32((at += 4) - 4, true));
  /** @type {Tensors} */
  const tensors = new Map();
  while (at < bytes.length) {
    const length = byte();
    const name = text(at, length);
    at += length;
    const kind = byte();
    const shape = Array.from({ length: byte() }, () => view.getUint32((at += 4) - 4, true));
    const count = shape.reduce((product, axis) => product * axis, 1);
    if (kind === 0) {
      tensors.set(name, { shape, values: floats(count) });
      continue;
    }
    // Eight bits and a scale for each slice along the first axis (1) or along the last (2).
    const channels = (kind === 1 ? shape[0] : shape.at(-1)) ?? 1;
    const scales = floats(channels);
    const slice = count / channels;
    const values = Float32Array.from({ length: count }, (_, n) => {
      const channel = kind === 1 ? Math.floor(n / slice) : n % channels;
      return view.getInt8(at + n) * (scales[channel] ?? 0);
    });
    at += count;
    tensors.set(name, { shape, values });
  }
  return tensors;
}

/**
 * A tensor that has to be there.
 * @param {Tensors} tensors
 * @param {string} name
 */
export function tensor(tensors, name) {
  const found = tensors.get(name);
  if (!found) throw new Error(`expected the tensor ${name} in the weights, found none`);
  return found;
}

/**
 * The convolutions of every stage by the names of their tensors: the first, then the residual ones.
 * @param {Tensors} tensors
 */
export function stages(tensors) {
  return LAYOUT.strides.map((stride, stage) => {
    const residual = [];
    while (tensors.has(`stages.${stage}.residual.${residual.length}.conv.weight`)) {
      residual.push(`stages.${stage}.residual.${residual.length}.conv`);
    }
    return { stride, first: `stages.${stage}.first.conv`, residual };
  });
}

/**
 * A clip's features, `[101, 188]`, as the network's input: normalised and centred as src/model/window.rs does it.
 * @param {Tensors} tensors
 * @param {Float32Array} features
 */
export function normalised(tensors, features) {
  const { channels, frames } = INPUT;
  if (features.length !== channels * frames)
    throw new Error(`expected ${channels} x ${frames} values, got ${features.length}`);
  const [mean, deviation] = ['mean', 'deviation'].map((name) => tensor(tensors, name).values);
  const centring = tensor(tensors, 'centring').values[0] ?? 0;
  return features.map((value, at) => {
    const channel = Math.floor(at / frames);
    const row = features.subarray(channel * frames, (channel + 1) * frames);
    const own = row.reduce((sum, other) => sum + other, 0) / frames;
    const [m, d] = [mean?.[channel] ?? 0, deviation?.[channel] ?? 1];
    return (value - m - centring * (own - m)) / (d > 1e-6 ? d : 1);
  });
}
