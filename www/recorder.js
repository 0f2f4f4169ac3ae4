/**
 * The microphone, as it is: the browser's processing off, every channel, the device's own rate.
 */

/**
 * @typedef {object} Clip
 * @property {Float32Array<ArrayBuffer>[]} channels samples of each channel, all of one length
 * @property {number} sampleRate Hz
 *
 * @typedef {object} Handlers
 * @property {(channels: Float32Array[]) => void} onBatch samples as they come, about 43 ms at a time
 * @property {() => void} onLost the device went away
 */

/** How long the audio thread may take to hand over its last batch, ms. */
const LAST_BATCH_MS = 1000;

/** Echo cancellation, noise suppression and gain control flatten loudness and pitch, which carry the emotion. */
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** One recording, from the click to the release of everything it took. */
export class Recorder {
  #context;
  #stream;
  #source;
  #node;
  /** @type {Float32Array<ArrayBuffer>[][]} */
  #batches = [];
  /** @type {() => void} */
  #done = () => {};

  /**
   * @param {AudioContext} context
   * @param {MediaStream} stream
   * @param {Handlers} handlers
   */
  constructor(context, stream, handlers) {
    this.#context = context;
    this.#stream = stream;
    this.#source = context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(context, 'speech-emotion-capture');
    this.#node.port.onmessage = ({ data }) => {
      if (data.flushed) return this.#done();
      this.#batches.push(data.channels);
      handlers.onBatch(data.channels);
    };
    for (const track of stream.getTracks()) track.addEventListener('ended', handlers.onLost);
    // The node puts out silence. It is connected because not every browser pulls a graph that ends nowhere.
    this.#source.connect(this.#node).connect(context.destination);
  }

  /**
   * Asks for the microphone and begins to record. Call it inside a click: the context is created before anything is
   * awaited, and without a sample rate, which some browsers refuse and others ignore.
   *
   * @param {Handlers} handlers
   * @returns {Promise<Recorder>}
   * @throws {DOMException} as getUserMedia does: `NotAllowedError`, `NotFoundError`, `NotReadableError`; and
   * `SecurityError` where the page is not served securely
   */
  static async start(handlers) {
    if (!globalThis.isSecureContext || !navigator.mediaDevices) {
      throw new DOMException('the microphone needs a secure context', 'SecurityError');
    }
    const context = new AudioContext();
    /** @type {MediaStream | undefined} */
    let stream;
    try {
      const resumed = context.resume();
      const loaded = context.audioWorklet.addModule(new URL('./pkg/capture-worklet.js', import.meta.url));
      // A refusal by the user comes first; a failure of the others is still seen by their own await.
      loaded.catch(() => {});
      stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS });
      await Promise.all([resumed, loaded]);
      return new Recorder(context, stream, handlers);
    } catch (error) {
      stream?.getTracks().forEach((track) => track.stop());
      await context.close();
      throw error;
    }
  }

  /** The context's rate, whole Hz: what the samples have. */
  get sampleRate() {
    return Math.round(this.#context.sampleRate);
  }

  /** The device's name and the settings it really has: a browser may keep what it was asked to switch off. */
  get device() {
    const [track] = this.#stream.getAudioTracks();
    return { name: track?.label ?? '', settings: track?.getSettings() ?? {} };
  }

  /**
   * Ends the recording, releases the device, and gives what was heard.
   *
   * @returns {Promise<Clip>}
   */
  async stop() {
    const last = new Promise((resolve) => {
      this.#done = () => resolve(undefined);
      setTimeout(resolve, LAST_BATCH_MS);
    });
    this.#node.port.postMessage('stop');
    await last;
    for (const track of this.#stream.getTracks()) track.stop();
    // Closed first: Chromium keeps a context whose nodes were disconnected just before.
    await this.#context.close();
    this.#source.disconnect();
    this.#node.disconnect();
    this.#node.port.close();
    return { channels: join(this.#batches), sampleRate: this.sampleRate };
  }
}

/**
 * Joins batches end to end. A batch with fewer channels than the widest is repeated from its first: a device that
 * changes from mono to stereo then keeps its level.
 *
 * @param {Float32Array<ArrayBuffer>[][]} batches
 * @returns {Float32Array<ArrayBuffer>[]}
 */
function join(batches) {
  const width = Math.max(1, ...batches.map((batch) => batch.length));
  const frames = batches.reduce((sum, batch) => sum + (batch[0]?.length ?? 0), 0);
  const channels = Array.from({ length: width }, () => new Float32Array(frames));
  let at = 0;
  for (const batch of batches) {
    channels.forEach((channel, index) => channel.set(batch[index] ?? batch[0] ?? [], at));
    at += batch[0]?.length ?? 0;
  }
  return channels;
}
