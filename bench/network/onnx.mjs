// The shipped network as an ONNX file, from its weights: node bench/network/onnx.mjs [FILE]
//
// The graph is what an exporter makes of such a network: Conv, Relu, Add, MaxPool, attention of Conv, Tanh and Softmax,
// Gemm. Input `[1, 101, 188]`, normalised and centred windows; output `[1, 8]`, logits.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { ROOT } from '../../scripts/run.mjs';
import { INPUT, LAYOUT, readWeights, stages, tensor } from './weights.mjs';

/** @typedef {import('./weights.mjs').Tensors} Tensors */

/** The weights that the library ships. */
export const WEIGHTS = join(ROOT, 'src', 'model', 'speech_emotion.weights');

/** Where the benchmark puts the network for the page. */
export const ONNX = join(ROOT, '.cache', 'bench', 'network.onnx');

/** Types of ONNX's enumerations: TensorProto.DataType, AttributeProto.AttributeType. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { int: 2, ints: 7 };

/** @param {string} type @param {number} id @param {'repeated'} [rule] */
const field = (type, id, rule) => (rule ? { type, id, rule } : { type, id });

/** The part of onnx.proto that the graph needs. */
const SCHEMA = {
  nested: {
    Model: {
      fields: {
        irVersion: field('int64', 1),
        producerName: field('string', 2),
        graph: field('Graph', 7),
        opsetImport: field('Opset', 8, 'repeated'),
      },
    },
    Opset: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    Graph: {
      fields: {
        node: field('Node', 1, 'repeated'),
        name: field('string', 2),
        initializer: field('Tensor', 5, 'repeated'),
        input: field('Value', 11, 'repeated'),
        output: field('Value', 12, 'repeated'),
      },
    },
    Node: {
      fields: {
        input: field('string', 1, 'repeated'),
        output: field('string', 2, 'repeated'),
        name: field('string', 3),
        opType: field('string', 4),
        attribute: field('Attribute', 5, 'repeated'),
      },
    },
    Attribute: {
      fields: {
        name: field('string', 1),
        i: field('int64', 3),
        ints: field('int64', 8, 'repeated'),
        type: field('int32', 20),
      },
    },
    Tensor: {
      fields: {
        dims: field('int64', 1, 'repeated'),
        dataType: field('int32', 2),
        name: field('string', 8),
        rawData: field('bytes', 9),
      },
    },
    Value: { fields: { name: field('string', 1), type: field('Type', 2) } },
    Type: { fields: { tensorType: field('TensorType', 1) } },
    TensorType: { fields: { elemType: field('int32', 1), shape: field('Shape', 2) } },
    Shape: { fields: { dim: field('Dimension', 1, 'repeated') } },
    Dimension: { fields: { dimValue: field('int64', 1) } },
  },
};

/**
 * @param {Tensors} tensors
 * @returns {Uint8Array} an ONNX file
 */
export function toOnnx(tensors) {
  /** @type {object[]} */
  const nodes = [];
  /** @type {object[]} */
  const initializers = [];

  /**
   * Appends a node and gives its output's name.
   * @param {string} opType
   * @param {string[]} input
   * @param {Record<string, number | number[]>} [attributes] whole numbers
   */
  const node = (opType, input, attributes = {}) => {
    const output = `${opType.toLowerCase()}.${nodes.length}`;
    const attribute = Object.entries(attributes).map(([name, value]) =>
      Array.isArray(value)
        ? { name, ints: value, type: ATTRIBUTE.ints }
        : { name, i: value, type: ATTRIBUTE.int },
    );
    nodes.push({ opType, name: output, input, output: [output], attribute });
    return output;
  };
  /** @param {string} name @param {number[]} dims @param {Float32Array | BigInt64Array} values */
  const constant = (name, dims, values) => {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    initializers.push({ name, dims, rawData, dataType: values instanceof Float32Array ? FLOAT : INT64 });
    return name;
  };
  /** @param {string} name */
  const weight = (name) => {
    const { shape, values } = tensor(tensors, name);
    return constant(name, shape, values);
  };
  /** @param {string} input @param {string} name @param {number} [stride] @param {number} [dilation] */
  const conv = (input, name, stride = 1, dilation = 1) => {
    const kernel = tensor(tensors, `${name}.weight`).shape[2] ?? 1;
    const padding = Math.floor(kernel / 2) * dilation;
    return node('Conv', [input, weight(`${name}.weight`), weight(`${name}.bias`)], {
      kernel_shape: [kernel],
      pads: [padding, padding],
      strides: [stride],
      dilations: [dilation],
    });
  };

  let maps = 'window';
  for (const { stride, first, residual } of stages(tensors)) {
    maps = node('Relu', [conv(maps, first, stride)]);
    for (const name of residual) {
      maps = node('Add', [maps, node('Relu', [conv(maps, name, 1, LAYOUT.dilation)])]);
    }
    maps = node('MaxPool', [maps], { kernel_shape: [LAYOUT.pool], strides: [LAYOUT.pool] });
  }

  const frames = constant('frames', [1], BigInt64Array.of(2n));
  const sum = (/** @type {string} */ input) => node('ReduceSum', [input, frames], { keepdims: 0 });
  const units = node('Tanh', [conv(maps, 'pooling.units')]);
  const attention = node('Softmax', [conv(units, 'pooling.scores')], { axis: 2 });
  const weighted = node('Mul', [maps, attention]);
  const mean = sum(weighted);
  const square = sum(node('Mul', [weighted, maps]));
  const variance = node('Sub', [square, node('Mul', [mean, mean])]);
  const least = constant('least_variance', [], Float32Array.of(LAYOUT.leastVariance));
  const deviation = node('Sqrt', [node('Max', [variance, least])]);
  const pooled = node('Concat', [mean, deviation], { axis: 1 });
  const dense = (/** @type {string} */ input, /** @type {string} */ name) =>
    node('Gemm', [input, weight(`${name}.weight`), weight(`${name}.bias`)]);
  const logits = dense(node('Relu', [dense(pooled, 'hidden')]), 'output');

  /** @param {string} name @param {number[]} shape */
  const value = (name, shape) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  });
  // By address: installed for the benchmark only.
  const { Root } = createRequire(import.meta.url)('protobufjs');
  const Model = Root.fromJSON(SCHEMA).lookupType('Model');
  const model = Model.fromObject({
    irVersion: 8,
    producerName: 'speech-emotion bench',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'speech-emotion',
      node: nodes,
      initializer: initializers,
      input: [value('window', [1, INPUT.channels, INPUT.frames])],
      output: [value(logits, [1, 8])],
    },
  });
  return Model.encode(model).finish();
}

/** Writes the shipped network. @param {string} [file] */
export function exportOnnx(file = ONNX) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, toOnnx(readWeights(readFileSync(WEIGHTS))));
  return file;
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(exportOnnx(argv[2]));
