/**
 * Carries what the microphone gives out of the audio thread, in batches, and computes nothing: that thread has other
 * work. Messages out: `{ channels: Float32Array[] }` (transferred). Messages in: `flush` sends what is there and
 * answers `{ flushed: true }`; `stop` does so and ends.
 */

/** Frames in a batch: 43 ms at 48 kHz. */
const BATCH_FRAMES = 2048;

class CaptureProcessor extends AudioWorkletProcessor {
  /** @type {Float32Array[]} */
  #channels = [];
  #filled = 0;
  #running = true;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      this.#flush();
      if (data === 'stop') this.#running = false;
      else this.port.postMessage({ flushed: true });
    };
  }

  /**
   * @param {Float32Array[][]} inputs one input, a block a channel; no channel while the source is silent
   * @returns {boolean} whether the browser should go on calling
   */
  process([block = []]) {
    if (!this.#running) {
      // Said here and not when it was asked: the node is let go of when this has returned.
      this.port.postMessage({ flushed: true });
      return false;
    }
    const [first] = block;
    if (first === undefined) return true;
    if (block.length !== this.#channels.length || this.#filled + first.length > BATCH_FRAMES) {
      this.#flush();
      this.#channels = block.map(() => new Float32Array(BATCH_FRAMES));
    }
    block.forEach((samples, index) => this.#channels[index]?.set(samples, this.#filled));
    this.#filled += first.length;
    return true;
  }

  #flush() {
    if (this.#filled === 0) return;
    const whole = this.#filled === BATCH_FRAMES;
    const channels = whole ? this.#channels : this.#channels.map((samples) => samples.slice(0, this.#filled));
    this.port.postMessage(
      { channels },
      channels.map((samples) => samples.buffer),
    );
    this.#channels = [];
    this.#filled = 0;
  }
}

registerProcessor('speech-emotion-capture', CaptureProcessor);

// Vite writes files of less than 4096 bytes into the page's script as data: addresses, and a strict
// Content-Security-Policy refuses a worklet from one. What follows keeps this file above that.
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
// ........................................................................................................
