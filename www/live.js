/** The microphone: from the click to eight bars, and back to silence. */

import { Answer, Bars, inWords } from './bars.js';
import { choices, gated } from './choices.js';
import { recognizer } from './engine.js';
import { fileAt } from './files.js';
import { courseInWords, Lanes } from './lanes.js';
import { codeOf, describeMicrophone, problem, sentenceFor } from './messages.js';
import { announce, clock, find, percent, say } from './page.js';
import { Scope } from './scope.js';
import { Settled } from './settled.js';
import { heard, listenTo } from './view.js';

/** @typedef {import('speech-emotion').ListenSession} ListenSession */
/** @typedef {import('speech-emotion').Segment & { unsure?: boolean }} Segment */

/** What the timeline shows, seconds: it grows with what there is to show. */
const TIMELINES = [30, 60, 180];
const LONGEST = 180;
/** The level at the meter's left end, dB of full scale. */
const FLOOR_DB = -60;

/** A context of this page's own, with both worklets in it. */
class Tap {
  /** @type {AudioNode[]} */
  #nodes = [];
  /** @type {AudioWorkletNode | undefined} */
  #node;

  constructor() {
    // Inside the click, before anything is awaited, and at the device's own rate.
    this.context = new AudioContext();
    this.context.resume().catch(() => {});
    this.loaded = this.context.audioWorklet.addModule(fileAt('tap-worklet.js')).catch((cause) => {
      throw problem('worklet-failed', cause);
    });
    this.loaded.catch(() => {});
  }

  /**
   * Sends what a stream gives to the worker that makes the pictures.
   * @param {MediaStream} stream
   * @param {MessagePort} port
   */
  async open(stream, port) {
    await this.loaded;
    const source = this.context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(this.context, 'speech-emotion-tap');
    this.#node.port.postMessage({ port }, [port]);
    source.connect(this.#node).connect(this.context.destination);
    this.#nodes = [source, this.#node];
  }

  async close() {
    this.#node?.port.postMessage('stop');
    for (const node of this.#nodes) node.disconnect();
    // Once the audio thread has seen it: closed before that, Chromium keeps context and node for ever.
    await new Promise((resolve) => setTimeout(resolve, 40));
    if (this.context.state !== 'closed') await this.context.close();
  }
}

export class Live {
  #button = find('#speak', HTMLButtonElement);
  #label = find('#speak-label', HTMLElement);
  #state = find('#state', HTMLElement);
  #meter = find('#meter', HTMLElement);
  #level = find('#level', HTMLElement);
  #levelNumber = find('#level-number', HTMLElement);
  #answer = new Answer('#answer', '#detail');
  #bars = new Bars('#bars');
  #scope = new Scope('#scope');
  #lanes = new Lanes('#lanes');
  #ago = find('#ago', HTMLElement);
  #settled = new Settled();
  /** @type {Segment[]} */
  #moments = [];
  #levelSaid = 0;
  /** @type {ListenSession | undefined} */
  #session;
  /** @type {Tap | undefined} */
  #tap;
  /** @type {((clip: { samples: Float32Array<ArrayBuffer>, sampleRate: number }) => void) | undefined} */
  #hands;
  /** Called with the last seconds that were heard, when it has stopped. @type {(samples: Float32Array<ArrayBuffer>, sampleRate: number) => void} */
  onClip = () => {};
  /** Called when a microphone was allowed: devices have names then. */
  onAllowed = () => {};

  constructor() {
    this.#button.addEventListener('click', () => this.toggle());
    this.#timeline(0);
  }

  get phase() {
    return document.body.dataset.phase ?? 'idle';
  }

  /** @param {'idle' | 'asking' | 'listening' | 'stopping'} phase */
  #enter(phase) {
    document.body.dataset.phase = phase;
    this.#label.textContent = phase === 'listening' || phase === 'stopping' ? 'Stop' : 'Speak';
    this.#button.setAttribute('aria-disabled', String(phase === 'asking' || phase === 'stopping'));
  }

  /** How things stand, while nobody speaks. @param {string} text @param {'busy' | 'ready' | 'problem'} kind */
  say(text, kind) {
    say(this.#state, text, kind);
  }

  /** @param {unknown} error */
  fail(error) {
    const sentence = sentenceFor(error);
    this.#enter('idle');
    this.say(sentence, 'problem');
    announce(sentence);
  }

  /** Whether a sentence about the network's loading may still stand there. */
  get waits() {
    return this.phase === 'idle' && this.#state.dataset.kind === 'busy';
  }

  async toggle() {
    if (this.phase === 'listening') await this.stop();
    else if (this.phase === 'idle') await this.#start().catch((error) => this.fail(error));
  }

  async #start() {
    this.#enter('asking');
    this.say('Waiting for the microphone. Your browser may be asking you.', 'busy');
    if (!isSecureContext || !navigator.mediaDevices) throw problem('insecure-context');
    if (typeof AudioContext !== 'function') throw problem('no-audio');
    const tap = new Tap();
    this.#tap = tap;
    const { device, smoothing } = choices();
    try {
      const network = await recognizer();
      const session = await network.listen({
        audioContext: tap.context,
        ...(device && { deviceId: device }),
        smoothing,
        onLevel: ({ peak, rms }) => this.#showLevel(peak, rms),
        onPrediction: (segment) => this.#hear(segment),
        onDeviceLost: () => this.#lost(),
      });
      this.#session = session;
      await this.#watch(tap, session);
      this.#reset();
      this.#enter('listening');
      this.say(
        `Listening: ${describeMicrophone(session.device.label, session.sampleRate, session.device.settings)}.`,
        'busy',
      );
      this.onAllowed();
    } catch (error) {
      await this.#session?.stop();
      this.#session = undefined;
      await tap.close();
      // The device that was chosen is gone: the next press takes what there is.
      throw device && codeOf(error) === 'microphone-missing' ? problem('microphone-missing', error) : error;
    }
  }

  /** @param {Tap} tap @param {ListenSession} session */
  async #watch(tap, session) {
    const hop = 2 ** Math.round(Math.log2(session.sampleRate / 47));
    const { port1, port2 } = new MessageChannel();
    this.#scope.start(session.sampleRate / hop);
    await listenTo(port2, session.sampleRate, hop, (columns) => this.#scope.push(columns));
    await tap.open(session.stream, port1);
  }

  #reset() {
    this.#moments = [];
    this.#settled.reset();
    this.#answer.show('Listening…', { detail: 'The first answer takes half a second.' });
    this.#bars.show(null, null);
    this.#timeline(0);
    this.#scope.describe('Waveform and mel spectrogram of the last ten seconds, scrolling');
  }

  /** @param {number} end seconds since the beginning */
  #timeline(end) {
    const span = TIMELINES.find((seconds) => end <= seconds) ?? LONGEST;
    this.#lanes.show(this.#moments, end - span, end);
    const ago = `${span < 120 ? `${span}\u202fs` : `${span / 60}\u202fmin`} ago`;
    if (this.#ago.textContent !== ago) this.#ago.textContent = ago;
  }

  /** @param {number} peak dB @param {number} rms dB */
  #showLevel(peak, rms) {
    this.#level.style.setProperty('--level', Math.max(0, Math.min(1, 1 - rms / FLOOR_DB)).toFixed(3));
    this.#button.style.setProperty('--level', Math.max(0, Math.min(1, 1 - rms / FLOOR_DB)).toFixed(3));
    this.#meter.toggleAttribute('data-clipped', peak > -0.5);
    const now = performance.now();
    if (now - this.#levelSaid < 250) return;
    this.#levelSaid = now;
    const whole = Math.max(FLOOR_DB, Math.round(rms));
    this.#levelNumber.textContent = `${whole}\u202fdB`.replace('-', '−');
    this.#meter.setAttribute('aria-valuenow', String(Math.min(0, whole)));
    this.#meter.setAttribute('aria-valuetext', `${whole} decibels`);
  }

  /** @param {Segment} segment */
  #hear(segment) {
    if (this.phase === 'idle') return;
    const moment = gated(segment);
    this.#moments.push(moment);
    if (this.#moments.length > LONGEST * 2) this.#moments.shift();
    const { word, emotion, share, note } = inWords({ ...moment, probabilities: moment.smoothed });
    const speech = `${percent(moment.speech)} of the last three seconds is speech.`;
    this.#answer.show(word, { emotion, share, detail: note || speech });
    this.#bars.show(moment.smoothed, moment.unsure ? null : moment.label);
    this.#timeline(segment.end);
    this.#lanes.describe(`Timeline of the last three minutes: ${courseInWords(this.#moments)}`);
    if (this.phase === 'listening') this.#settled.hear(word);
  }

  async #lost() {
    await this.#finish(() => this.fail(problem('microphone-lost')));
  }

  async stop() {
    if (this.phase !== 'listening') return;
    this.#enter('stopping');
    await this.#session?.stop();
    await this.#finish(() => {
      const { end = 0 } = this.#moments.at(-1) ?? {};
      this.#enter('idle');
      this.say(`Stopped after ${clock(end)}. The microphone is off.`, 'ready');
      announce('Stopped. The microphone is off.');
    });
  }

  /** Gives back what was taken, and hands on what was heard. @param {() => void} say */
  async #finish(say) {
    const [session, tap] = [this.#session, this.#tap];
    this.#session = undefined;
    this.#tap = undefined;
    this.#scope.stop();
    this.#level.style.removeProperty('--level');
    this.#button.style.removeProperty('--level');
    this.#levelNumber.textContent = '–';
    await tap?.close();
    if (session) {
      const samples = await heard();
      if (this.#hands) this.#hands({ samples, sampleRate: session.sampleRate });
      else if (samples.length > 0) this.onClip(samples, session.sampleRate);
    }
    say();
  }

  /**
   * Listens for some seconds and gives what was heard.
   * @param {number} seconds
   * @param {(left: number) => void} onSecond
   * @returns {Promise<{ samples: Float32Array<ArrayBuffer>, sampleRate: number } | undefined>} nothing when it was
   * stopped before
   */
  async record(seconds, onSecond) {
    try {
      await this.#start();
    } catch (error) {
      this.fail(error);
      throw error;
    }
    const clip = new Promise((/** @type {(value: any) => void} */ resolve) => (this.#hands = resolve));
    let left = seconds;
    onSecond(left);
    const timer = setInterval(() => {
      left -= 1;
      onSecond(left);
      if (left === 0) void this.stop();
    }, 1000);
    const heard = await clip;
    clearInterval(timer);
    this.#hands = undefined;
    return left === 0 ? heard : undefined;
  }
}
