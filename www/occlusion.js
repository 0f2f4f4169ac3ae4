/** Which moments an answer leant on: each stretch is silenced in turn, and the clip asked again. */

/** @typedef {import('speech-emotion').Recognizer} Recognizer */
/** @typedef {import('./page.js').Emotion} Emotion */

/** The stretch that is silenced, and from one to the next, seconds. */
export const STRETCH = 0.4;
const HOP = 0.2;
/** Its edges fade this long, seconds: a click would be a sound of its own. */
const FADE = 0.01;

/**
 * @typedef {object} Occlusion
 * @property {Emotion} label
 * @property {number} score the label's probability of the whole clip
 * @property {{ at: number, score: number }[]} without its probability without the stretch around `at`, seconds
 */

/**
 * @param {Recognizer} recognizer
 * @param {Float32Array} samples one channel
 * @param {number} sampleRate
 * @param {(share: number) => void} onProgress
 * @returns {Promise<Occlusion | null>} null without speech in the clip
 */
export async function occlude(recognizer, samples, sampleRate, onProgress) {
  const options = /** @type {const} */ ({ sampleRate, segments: false });
  const whole = await recognizer.analyze(samples, options);
  if (whole.label === null) return null;
  const { label } = whole;
  const seconds = samples.length / sampleRate;
  const without = [];
  for (let at = 0; at <= seconds + 1e-6; at += HOP) {
    const { probabilities } = await recognizer.analyze(silenced(samples, sampleRate, at), options);
    // No speech is left then: there is nothing that could be this emotion.
    without.push({ at: Math.min(at, seconds), score: probabilities?.[label] ?? 0 });
    onProgress(Math.min(1, at / seconds));
  }
  return { label, score: whole.probabilities[label], without };
}

/**
 * @param {Float32Array} samples
 * @param {number} sampleRate
 * @param {number} at the stretch's middle, seconds
 */
function silenced(samples, sampleRate, at) {
  const copy = samples.slice();
  const frames = (/** @type {number} */ seconds) => Math.round(seconds * sampleRate);
  const [from, to, fade] = [frames(at - STRETCH / 2), frames(at + STRETCH / 2), frames(FADE)];
  for (let n = Math.max(0, from); n < Math.min(copy.length, to); n += 1) {
    const edge = Math.min(n - from, to - 1 - n, fade) / fade;
    copy[n] = (copy[n] ?? 0) * (1 - edge);
  }
  return copy;
}
