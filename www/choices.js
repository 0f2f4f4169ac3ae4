/** What a visitor has chosen, kept by the browser: numbers and a device's id, never audio. */

/** @typedef {import('speech-emotion').Baseline} Baseline */

const KEY = 'speech-emotion.choices';

/**
 * @typedef {object} Choices
 * @property {string} device a microphone's id; none is the browser's choice
 * @property {number} gate how much of a window has to be speech, 0 to 0.9
 * @property {number} smoothing seconds, 0 to 5
 * @property {Baseline | null} baseline what calibration told of a voice; the recognizer checks it
 */

/** @type {Choices} */
const DEFAULTS = { device: '', gate: 0, smoothing: 1, baseline: null };

/** @returns {Choices} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {};
    const within = (
      /** @type {unknown} */ value,
      /** @type {number} */ most,
      /** @type {number} */ otherwise,
    ) => (typeof value === 'number' && value >= 0 && value <= most ? value : otherwise);
    return {
      device: typeof kept.device === 'string' ? kept.device : DEFAULTS.device,
      gate: within(kept.gate, 0.9, DEFAULTS.gate),
      smoothing: within(kept.smoothing, 5, DEFAULTS.smoothing),
      baseline: kept.baseline ?? null,
    };
  } catch {
    // Switched off, or spoilt: the defaults do.
    return { ...DEFAULTS };
  }
}

const current = read();

/** @returns {Readonly<Choices>} */
export function choices() {
  return current;
}

/** @param {Partial<Choices>} changes */
export function choose(changes) {
  Object.assign(current, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Not kept then: it holds for this visit.
  }
}

/** Forgets everything that was kept. */
export function forget() {
  Object.assign(current, DEFAULTS);
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/**
 * A segment as the chosen gate lets it through: with too little speech in it there is no answer.
 * @template {{ speech: number, label: unknown, probabilities: unknown, smoothed: unknown }} T
 * @param {T} segment
 * @returns {T}
 */
export function gated(segment) {
  if (segment.speech >= current.gate) return segment;
  return { ...segment, label: null, probabilities: null, smoothed: null };
}
