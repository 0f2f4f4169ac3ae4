// The shipped network by three runtimes, in Node and in a page alike.
import { INPUT, normalised } from './weights.mjs';

/**
 * @typedef {object} Runtimes
 * @property {{ logits(window: Float32Array): Float32Array }} recognizer of the package's module
 * @property {{ compute(samples: Float32Array): { data: Float32Array, shape: number[] } }} stack
 * @property {any} ort onnxruntime-web
 * @property {Uint8Array} onnx the network's file
 * @property {((window: Float32Array) => Float32Array) | undefined} tfjs
 * @property {import('./weights.mjs').Tensors} tensors
 *
 * @typedef {{ milliseconds: number, lowest: number, highest: number }} Timing the median and its range
 *
 * @typedef {object} Comparison
 * @property {number} runs of each
 * @property {Record<string, number>} agreement the largest difference of a logit from ours
 * @property {Record<string, Timing>} times
 * @property {Record<string, number>} ratios our time by theirs: below 1 is faster than they are. The median over the
 * rounds of each round's own ratio, which a busy machine moves least.
 */

/** The most that a logit may differ before nothing is timed. */
const TOLERANCE = 1e-4;
const ROUNDS = 151;
const WARM_UP = 30;
const CALLS = 4;

/**
 * @param {Runtimes} runtimes
 * @param {Float32Array} speech 3 s at 16 kHz
 * @returns {Promise<Comparison>}
 */
export async function compareNetworks({ recognizer, stack, ort, onnx, tfjs, tensors }, speech) {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(onnx, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const [inputName, outputName] = [session.inputNames[0], session.outputNames[0]];
  const byOrt = async (/** @type {Float32Array} */ window) => {
    const input = new ort.Tensor('float32', window, [1, INPUT.channels, INPUT.frames]);
    return (await session.run({ [inputName]: input }))[outputName].data;
  };
  /** @type {[string, (window: Float32Array) => ArrayLike<number> | Promise<ArrayLike<number>>][]} */
  const cases = [
    ['speech-emotion', (window) => recognizer.logits(window)],
    ['onnxruntime-web', byOrt],
  ];
  if (tfjs) cases.push(['tfjs-wasm', tfjs]);

  const window = normalised(tensors, stack.compute(speech).data);
  const windows = [window, ...[1, 2, 3].map(noise)];
  /** @type {Record<string, number>} */
  const agreement = {};
  for (const input of windows) {
    const expected = recognizer.logits(input);
    for (const [name, run] of cases.slice(1)) {
      const got = await run(input);
      const difference = Math.max(...Array.from(expected, (value, n) => Math.abs(value - (got[n] ?? NaN))));
      if (!(difference <= TOLERANCE))
        throw new Error(
          `expected ${name}'s logits within ${TOLERANCE} of ours, got ${difference} beside them`,
        );
      agreement[name] = Math.max(agreement[name] ?? 0, difference);
    }
  }

  // Every runtime in each round, so that a busy moment of the machine touches them alike.
  /** @type {number[][]} */
  const times = cases.map(() => []);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [index, [, run]] of cases.entries()) {
      const start = performance.now();
      for (let call = 0; call < CALLS; call += 1) await run(window);
      if (round >= 0) times[index]?.push((performance.now() - start) / CALLS);
    }
  }
  await session.release();

  const [own = []] = times;
  const ratios = cases.slice(1).map(([name], index) => {
    const each = own.map((ours, round) => ours / (times[index + 1]?.[round] ?? NaN));
    return [name, summary(each).milliseconds];
  });
  return {
    runs: ROUNDS * CALLS,
    agreement,
    times: Object.fromEntries(cases.map(([name], index) => [name, summary(times[index] ?? [])])),
    ratios: Object.fromEntries(ratios),
  };
}

/**
 * Nearly normal values, the same in every run. @param {number} seed
 */
function noise(seed) {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length: INPUT.channels * INPUT.frames }, () => {
    const sum = uniform() + uniform() + uniform() + uniform();
    return (sum - 2) * Math.sqrt(3);
  });
}

/** @param {number[]} values @returns {Timing} */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ index) => sorted[index] ?? NaN;
  return { milliseconds: at(sorted.length >> 1), lowest: at(0), highest: at(sorted.length - 1) };
}
