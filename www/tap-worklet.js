/**
 * Hands what the microphone gives to the worker that makes the pictures, past the page's own thread. It gets a port to
 * that worker, sends batches of one channel down it, and gets the buffers back to fill them again.
 */

/** Frames in a batch: 21 ms at 48 kHz. */
const BATCH_FRAMES = 1024;

class TapProcessor extends AudioWorkletProcessor {
  /** @type {MessagePort | undefined} */
  #out;
  /** @type {Float32Array<ArrayBuffer>[]} */
  #free = [];
  #batch = new Float32Array(BATCH_FRAMES);
  #filled = 0;
  #running = true;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data === 'stop') {
        this.#running = false;
        this.#out?.postMessage('end');
        this.#out?.close();
        return;
      }
      this.#out = data.port;
      if (this.#out) this.#out.onmessage = ({ data: buffer }) => this.#free.push(buffer);
    };
  }

  /**
   * @param {Float32Array[][]} inputs one input, a block a channel; no channel while the source is silent
   * @returns {boolean} whether the browser should go on calling
   */
  process([block = []]) {
    const frames = block[0]?.length ?? 0;
    for (let n = 0; n < frames; n += 1) {
      let sum = 0;
      for (const channel of block) sum += channel[n] ?? 0;
      this.#batch[this.#filled] = sum / block.length;
      this.#filled += 1;
      if (this.#filled === BATCH_FRAMES) this.#send();
    }
    return this.#running;
  }

  #send() {
    this.#out?.postMessage(this.#batch, [this.#batch.buffer]);
    this.#batch = (this.#out && this.#free.pop()) || new Float32Array(BATCH_FRAMES);
    this.#filled = 0;
  }
}

registerProcessor('speech-emotion-tap', TapProcessor);
