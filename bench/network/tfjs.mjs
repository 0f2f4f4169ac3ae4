// The shipped network in TensorFlow.js, by its fused convolutions. Imports the weights' reader alone: used in Node and
// in a page, which bring `tf` with them.
import { INPUT, LAYOUT, stages, tensor } from './weights.mjs';

/** @typedef {import('./weights.mjs').Tensors} Tensors */

/**
 * @param {any} tf TensorFlow.js with its wasm backend ready
 * @param {Tensors} tensors
 * @returns {(window: Float32Array) => Float32Array} from a window `[101, 188]` to its logits
 */
export function toTfjs(tf, tensors) {
  /** Its convolutions want `[1, kernel, in, out]` over `[batch, 1, frames, channels]`. @param {string} name */
  const filter = (name) => {
    const { shape, values } = tensor(tensors, `${name}.weight`);
    return tf.tidy(() => tf.expandDims(tf.transpose(tf.tensor3d(values, shape), [2, 1, 0]), 0));
  };
  /** @param {string} name */
  const vector = (name) => tf.tensor1d(tensor(tensors, name).values);
  /** @param {string} name @param {number} stride @param {number} dilation @param {string} activation */
  const conv = (name, stride, dilation, activation) => {
    const kernel = filter(name);
    const padding = Math.floor(kernel.shape[1] / 2) * dilation;
    const rest = { filter: kernel, bias: vector(`${name}.bias`), activation };
    return (/** @type {any} */ x) =>
      tf.fused.conv2d({
        x,
        ...rest,
        strides: [1, stride],
        dilations: [1, dilation],
        pad: [
          [0, 0],
          [0, 0],
          [padding, padding],
          [0, 0],
        ],
        dimRoundingMode: 'floor',
      });
  };
  /** @param {string} name @param {string} activation */
  const dense = (name, activation) => {
    const { shape, values } = tensor(tensors, `${name}.weight`);
    const rest = { b: tf.tensor2d(values, shape), bias: vector(`${name}.bias`), activation };
    return (/** @type {any} */ a) => tf.fused.matMul({ a, ...rest });
  };

  const blocks = stages(tensors).map(({ stride, first, residual }) => ({
    first: conv(first, stride, 1, 'relu'),
    residual: residual.map((name) => conv(name, 1, LAYOUT.dilation, 'relu')),
  }));
  const units = conv('pooling.units', 1, 1, 'linear');
  const scores = conv('pooling.scores', 1, 1, 'linear');
  const [hidden, output] = [dense('hidden', 'relu'), dense('output', 'linear')];
  const least = tf.scalar(LAYOUT.leastVariance);

  return (window) => {
    const logits = tf.tidy(() => {
      let maps = tf.transpose(tf.tensor2d(window, [INPUT.channels, INPUT.frames]));
      maps = tf.reshape(maps, [1, 1, INPUT.frames, INPUT.channels]);
      for (const { first, residual } of blocks) {
        maps = first(maps);
        for (const block of residual) maps = tf.add(maps, block(maps));
        maps = tf.maxPool(maps, [1, LAYOUT.pool], [1, LAYOUT.pool], 'valid');
      }
      const channels = maps.shape[3];
      // `[channels, frames]`: its softmax runs over the last axis alone.
      const over = (/** @type {any} */ x) => tf.transpose(tf.reshape(x, [-1, channels]));
      const attention = tf.softmax(over(scores(tf.tanh(units(maps)))));
      const rows = over(maps);
      const weighted = tf.mul(rows, attention);
      const mean = tf.sum(weighted, 1);
      const variance = tf.sub(tf.sum(tf.mul(weighted, rows), 1), tf.square(mean));
      const deviation = tf.sqrt(tf.maximum(variance, least));
      return output(hidden(tf.expandDims(tf.concat([mean, deviation]), 0)));
    });
    const values = logits.dataSync();
    logits.dispose();
    return values;
  };
}
