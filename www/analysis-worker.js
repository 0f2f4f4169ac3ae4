/**
 * Loads the package and answers for it. In: `{ id, kind: 'load' }` or `{ id, kind: 'analyze', channels, sampleRate }`.
 * Out: `{ id, result }` or `{ id, error: { code, message } }`.
 */

/** A module of one function that uses a vector: browsers without WebAssembly SIMD call it invalid. */
const SIMD_MODULE = Uint8Array.of(
  ...[
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
    11,
  ],
);

/** @typedef {typeof import('../pkg-template/index.js')} Package */
/** @typedef {import('../pkg-template/index.js').Recognizer} Recognizer */
/** @typedef {{ kind: 'load' | 'analyze', channels: Float32Array[], sampleRate: number }} Request */

/** @type {Promise<Recognizer> | undefined} */
let recognizer;

/**
 * Imported by address at run time: what fails while loading is then an answer like any other.
 *
 * @returns {Promise<Recognizer>}
 */
async function load() {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(SIMD_MODULE)) {
    throw Object.assign(new Error('no WebAssembly SIMD'), { code: 'no-simd' });
  }
  try {
    /** @type {Package} */
    const { Recognizer } = await import(new URL('./pkg/index.js', import.meta.url).href);
    return await Recognizer.load();
  } catch (cause) {
    recognizer = undefined;
    throw Object.assign(new Error(String(cause)), { code: 'load-failed', cause });
  }
}

/** @param {Request} request */
async function answer({ kind, channels, sampleRate }) {
  recognizer ??= load();
  const loaded = await recognizer;
  if (kind === 'load') return undefined;
  const start = performance.now();
  const prediction = await loaded.analyze(channels, { sampleRate });
  return { prediction, milliseconds: performance.now() - start };
}

addEventListener('message', async ({ data }) => {
  try {
    postMessage({ id: data.id, result: await answer(data) });
  } catch (error) {
    const { code = 'unknown', message = String(error) } = /** @type {{ code?: string, message?: string }} */ (
      error
    );
    postMessage({ id: data.id, error: { code: String(code), message } });
  }
});
