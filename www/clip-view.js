/** A whole clip: waveform, spectrogram and time course over one another, with a cursor through them. */

import { clock, find } from './page.js';
import { courseInWords, Lanes } from './lanes.js';
import { palette } from './palette.js';
import { Picture } from './picture.js';
import { Surface } from './surface.js';
import { closeClip, openClip, pushClip } from './view.js';

/** Seconds that go to the worker at a time: copied in a moment. */
const PIECE_SECONDS = 5;
/** Quieter clips are not drawn any larger: silence stays flat. */
const QUIETEST = 0.01;

export class ClipView {
  #plot = find('#plot', HTMLElement);
  /** One through the plot, one through the lanes. @type {NodeListOf<HTMLElement>} */
  #cursors = document.querySelectorAll('#clip .cursor');
  #wave = new Surface(find('#wave', HTMLCanvasElement), () => this.#drawWave());
  #spectrogram = new Surface(find('#spectrogram', HTMLCanvasElement), () => this.#drawSpectrogram());
  #lanes = new Lanes('#course');
  #picture = new Picture(1);
  #peaks = new Float32Array(0);
  #count = 1;
  #come = 0;
  #seconds = 0;
  /** @type {readonly import('./lanes.js').Moment[]} */
  #moments = [];
  /** @type {(seconds: number) => void} */
  onSeek = () => {};
  /** @type {(seconds: number | null) => void} */
  onHover = () => {};

  constructor() {
    const course = find('#course', HTMLCanvasElement);
    for (const part of [this.#plot, course]) {
      /** @param {PointerEvent} event */
      const secondsAt = ({ clientX }) => {
        const { left, width } = part.getBoundingClientRect();
        return Math.max(0, Math.min(1, (clientX - left) / width)) * this.#seconds;
      };
      part.addEventListener('pointermove', (event) => this.#seconds > 0 && this.onHover(secondsAt(event)));
      part.addEventListener('pointerleave', () => this.onHover(null));
      part.addEventListener('pointerdown', (event) => this.#seconds > 0 && this.onSeek(secondsAt(event)));
    }
    this.clear();
  }

  get seconds() {
    return this.#seconds;
  }

  get moments() {
    return this.#moments;
  }

  clear() {
    this.#seconds = 0;
    this.#come = 0;
    this.#moments = [];
    for (const cursor of this.#cursors) cursor.hidden = true;
    this.#wave.describe('Waveform: no clip yet');
    this.#spectrogram.describe('Mel spectrogram: no clip yet');
    this.#lanes.describe('Time course: no clip yet');
    this.#lanes.show([], 0, 1);
    this.#drawWave();
    this.#drawSpectrogram();
  }

  /** @param {number} seconds */
  begin(seconds) {
    this.#seconds = seconds;
  }

  /**
   * Sends a clip to the worker piece by piece, and draws what comes back as it comes.
   * @param {import('./decode.js').Clip} clip
   * @param {AbortSignal} signal
   */
  async draw({ channels, sampleRate }, signal) {
    const length = channels[0]?.length ?? 0;
    this.#count = await openClip(sampleRate, length);
    this.#picture = new Picture(this.#count);
    this.#peaks = new Float32Array(this.#count * 2);
    const step = PIECE_SECONDS * sampleRate;
    for (let start = 0; start < length; start += step) {
      signal.throwIfAborted();
      const columns = await pushClip(channels.map((channel) => channel.slice(start, start + step)));
      // Another clip may have taken this one's place meanwhile.
      signal.throwIfAborted();
      this.#take(columns);
    }
    const columns = await closeClip();
    signal.throwIfAborted();
    this.#take(columns);
    this.#describe();
  }

  /** @param {import('./spectrum.js').Columns} columns */
  #take({ count, mel, peaks }) {
    const fits = Math.min(count, this.#count - this.#come);
    if (fits <= 0) return;
    this.#picture.put(this.#come, mel.subarray(0, fits * 64));
    this.#peaks.set(peaks.subarray(0, fits * 2), this.#come * 2);
    this.#come += fits;
    this.#drawWave();
    this.#drawSpectrogram();
  }

  #describe() {
    let loudest = 0;
    for (let n = 0; n < this.#count; n += 1) {
      if (this.#tall(n) > this.#tall(loudest)) loudest = n;
    }
    const when = clock((loudest / this.#count) * this.#seconds);
    const what = this.#tall(loudest) > 0 ? `loudest at ${when}` : 'silent throughout';
    this.#wave.describe(`Waveform of ${clock(this.#seconds)}, ${what}`);
    this.#spectrogram.describe(`Mel spectrogram of ${clock(this.#seconds)}, 0 to 8 kHz`);
  }

  /** @param {number} column */
  #tall(column) {
    return (this.#peaks[column * 2 + 1] ?? 0) - (this.#peaks[column * 2] ?? 0);
  }

  /** @param {readonly import('./lanes.js').Moment[]} moments */
  course(moments) {
    this.#moments = moments;
    this.#lanes.show(moments, 0, this.#seconds);
    this.#lanes.describe(`Time course: ${courseInWords(moments)}`);
  }

  /** @param {number} seconds */
  cursor(seconds) {
    const at = String(Math.min(1, seconds / (this.#seconds || 1)));
    for (const cursor of this.#cursors) {
      cursor.hidden = false;
      cursor.style.setProperty('--at', at);
    }
  }

  #drawWave() {
    if (this.#wave.width > 0) this.paintWave(this.#wave.begin(), this.#wave.width, this.#wave.height);
  }

  #drawSpectrogram() {
    const { width, height } = this.#spectrogram;
    if (width > 0) this.paintSpectrogram(this.#spectrogram.begin(), width, height);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   */
  paintWave(context, width, height) {
    const middle = height / 2;
    let loudest = QUIETEST;
    for (const peak of this.#peaks) loudest = Math.max(loudest, Math.abs(peak));
    context.fillStyle = palette().ink;
    if (this.#come === 0) context.fillRect(0, middle, width, 1);
    const scale = width / this.#count;
    const gain = (middle - 4) / loudest;
    for (let n = 0; n < this.#come; n += 1) {
      const high = this.#peaks[n * 2 + 1] ?? 0;
      context.fillRect(
        n * scale,
        middle - high * gain,
        Math.max(0.75, scale * 0.7),
        Math.max(1, this.#tall(n) * gain),
      );
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   */
  paintSpectrogram(context, width, height) {
    const { ramp } = palette();
    context.fillStyle = `rgb(${ramp[0]} ${ramp[1]} ${ramp[2]})`;
    context.fillRect(0, 0, width, height);
    if (this.#come > 0)
      this.#picture.draw(context, 0, this.#come, 0, 0, (width * this.#come) / this.#count, height);
  }
}
