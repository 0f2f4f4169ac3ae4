// The whole answer and its parts, the same in Node and in a page: so it stands alone and imports the package by its
// address.

/**
 * @typedef {object} Input
 * @property {string} packageUrl the package's entry
 * @property {string} moduleUrl the bindings that it loads
 * @property {number[]} speech 3 s at 16 kHz
 * @property {number[]} speech48 the same at 48 kHz
 *
 * @typedef {{ milliseconds: number, lowest: number, highest: number }} Timing the median and its range
 *
 * @typedef {object} Answer of a clip at 48 kHz
 * @property {number} seconds of the clip
 * @property {number} rounds
 * @property {Timing} answer by the package: in a page that is a worker, and the messages to it
 * @property {Timing} answer16 the same of a clip that comes at 16 kHz
 * @property {{ resampling: number, gate: number, features: number, inference: number, rest: number }} parts ms.
 * Resampling is the difference between the module's answers at both rates; gate and rest are what the other parts
 * leave of its answer at 16 kHz: the speech detector, trimming and levelling; and of the package's: its messages.
 * @property {number} copies how many times as long as copying the samples the answer takes
 *
 * @typedef {object} Answers
 * @property {Timing} features all of extractFeatures, 3 s at 16 kHz
 * @property {Answer[]} answers
 */

/**
 * @param {Input} input
 * @returns {Promise<Answers>}
 */
export async function measure({ packageUrl, moduleUrl, speech, speech48 }) {
  const { Recognizer, extractFeatures } = await import(packageUrl);
  const here = await Recognizer.load({ worker: false });
  const recognizer = await Recognizer.load();
  const { WasmInputStack, WasmRecognizer } = await import(moduleUrl);
  const [stack, network] = [new WasmInputStack(), new WasmRecognizer()];
  // Noise as good as any to the clock.
  const window = Float32Array.from({ length: 101 * 188 }, (_, n) => Math.sin(n * n));

  /** @param {number[]} values @returns {Timing} */
  const summary = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (/** @type {number} */ index) => sorted[index] ?? NaN;
    return { milliseconds: at(sorted.length >> 1), lowest: at(0), highest: at(sorted.length - 1) };
  };
  /** @param {number[]} samples @param {number} length */
  const repeated = (samples, length) =>
    Float32Array.from({ length }, (_, n) => samples[n % samples.length] ?? 0);

  /**
   * Every case in each round, so that a busy moment of the machine touches them alike.
   * @param {(() => unknown)[]} cases
   * @param {number} rounds
   * @param {number} calls in a round
   */
  const time = async (cases, rounds, calls) => {
    /** @type {number[][]} */
    const times = cases.map(() => []);
    for (let round = -Math.ceil(rounds / 10); round < rounds; round += 1) {
      for (const [index, call] of cases.entries()) {
        const start = performance.now();
        for (let count = 0; count < calls; count += 1) await call();
        if (round >= 0) times[index]?.push((performance.now() - start) / calls);
      }
    }
    return times.map(summary);
  };

  /** @param {number} seconds @param {number} rounds @param {number} calls @returns {Promise<Answer>} */
  const answerOf = async (seconds, rounds, calls) => {
    const slow = repeated(speech, seconds * 16_000);
    const fast = repeated(speech48, seconds * 48_000);
    const whole = seconds <= 3;
    const options = (/** @type {number} */ sampleRate) => ({ sampleRate, ...(whole && { segments: false }) });
    const { label, segments = [] } = await recognizer.analyze(slow, options(16_000));
    if (label === null) throw new Error('expected speech in the clip, got none: nothing was timed');
    // What the network heard: the clip, or its time course.
    const spoken = whole
      ? [{ start: 0, end: seconds }]
      : segments.filter((/** @type {any} */ s) => s.probabilities);
    const slices = spoken.map((/** @type {any} */ { start, end }) =>
      slow.subarray(Math.round(start * 16_000), Math.round(end * 16_000)),
    );
    const copy = new Float32Array(fast.length);
    const copies = Math.ceil(1000 / seconds);
    const [answer, answer16, module48, module16, features, inference, copied] = await time(
      [
        () => recognizer.analyze(fast, options(48_000)),
        () => recognizer.analyze(slow, options(16_000)),
        () => here.analyze(fast, options(48_000)),
        () => here.analyze(slow, options(16_000)),
        () => slices.forEach((/** @type {Float32Array} */ slice) => stack.compute(slice)),
        () => slices.forEach(() => network.logits(window)),
        () => {
          for (let count = 0; count < copies; count += 1) copy.set(fast);
        },
      ],
      rounds,
      calls,
    );
    if (!answer || !answer16 || !module48 || !module16 || !features || !inference || !copied)
      throw new Error('expected timings, got none');
    return {
      seconds,
      rounds,
      answer,
      answer16,
      parts: {
        resampling: module48.milliseconds - module16.milliseconds,
        gate: module16.milliseconds - features.milliseconds - inference.milliseconds,
        features: features.milliseconds,
        inference: inference.milliseconds,
        rest: answer.milliseconds - module48.milliseconds,
      },
      copies: answer.milliseconds / (copied.milliseconds / copies),
    };
  };

  const clip = Float32Array.from(speech);
  const [features] = await time([() => extractFeatures(clip, { sampleRate: 16_000 })], 51, 5);
  if (!features) throw new Error('expected timings, got none');
  const answers = [await answerOf(3, 51, 3), await answerOf(60, 3, 1)];
  recognizer.dispose();
  here.dispose();
  return { features, answers };
}
