/** Draws loudness over time, and says it in words. */

/** Width of a stroke with the gap after it, CSS pixels. */
const STEP = 3;
/** Clips quieter than this, of full scale, are not drawn any larger: silence stays flat. */
const QUIETEST_SCALE = 0.004;
/** Values kept of a whole clip: more than any screen has strokes. */
const CLIP_PEAKS = 1500;

/** A canvas that holds a list of peaks and draws it again whenever its size, density or colours change. */
export class Waveform {
  #canvas;
  /** @type {number[]} */
  #peaks = [];
  #slots = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  /** Empties the canvas: there is no clip. */
  clear() {
    this.begin(1);
    this.#canvas.setAttribute('aria-label', 'No waveform');
  }

  /**
   * Empties the canvas for a recording.
   *
   * @param {number} slots how many peaks will fill it
   */
  begin(slots) {
    this.#peaks = [];
    this.#slots = Math.max(1, slots);
    this.#canvas.setAttribute('aria-label', 'Waveform of the recording in progress');
    this.#draw();
  }

  /** @param {number} peak the loudest sample of a batch, 0 to 1 */
  push(peak) {
    this.#peaks.push(peak);
    this.#draw();
  }

  /**
   * Draws a whole clip.
   *
   * @param {Float32Array[]} channels
   * @param {number} sampleRate Hz
   */
  show(channels, sampleRate) {
    const frames = channels[0]?.length ?? 0;
    this.#slots = Math.max(1, Math.min(CLIP_PEAKS, frames));
    this.#peaks = Array.from({ length: frames === 0 ? 0 : this.#slots }, (_, slot) => {
      const from = Math.floor((slot * frames) / this.#slots);
      const to = Math.floor(((slot + 1) * frames) / this.#slots);
      return peakOf(channels.map((channel) => channel.subarray(from, to)));
    });
    const loudest = this.#peaks.reduce(
      (best, peak, slot) => (peak > (this.#peaks[best] ?? 0) ? slot : best),
      0,
    );
    const peak = this.#peaks[loudest] ?? 0;
    const seconds = frames / sampleRate;
    const what =
      peak > 0
        ? `loudest after ${((loudest / this.#slots) * seconds).toFixed(1)} seconds`
        : 'silent throughout';
    this.#canvas.setAttribute('aria-label', `Waveform of ${seconds.toFixed(1)} seconds, ${what}`);
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = this.#canvas.getContext('2d');
    if (context === null || width === 0) return;
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(height * devicePixelRatio);
    context.scale(devicePixelRatio, devicePixelRatio);
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    context.lineWidth = STEP - 1;
    context.lineCap = 'round';
    const columns = Math.floor(width / STEP);
    const scale = 1 / this.#peaks.reduce((most, peak) => Math.max(most, peak), QUIETEST_SCALE);
    context.beginPath();
    for (let column = 0; column < columns; column++) {
      const from = Math.floor((column * this.#slots) / columns);
      const to = Math.max(from + 1, Math.floor(((column + 1) * this.#slots) / columns));
      const half = Math.max(0, ...this.#peaks.slice(from, to)) * scale * (height / 2 - 6);
      const x = column * STEP + STEP / 2;
      context.moveTo(x, height / 2 - half);
      context.lineTo(x, height / 2 + half + 0.01);
    }
    context.stroke();
  }
}

/**
 * @param {Float32Array[]} channels
 * @returns {number} the largest magnitude of any sample, at most 1
 */
export function peakOf(channels) {
  let peak = 0;
  for (const channel of channels) for (const sample of channel) peak = Math.max(peak, Math.abs(sample));
  return Math.min(1, peak);
}
