/** The form of choices. */

import { choices, choose, forget } from './choices.js';
import { recognizer } from './engine.js';
import { sentenceFor } from './messages.js';
import { announce, find, percent } from './page.js';

/** How long a neutral voice is heard, seconds. */
const SECONDS = 8;

/** @typedef {{ samples: Float32Array<ArrayBuffer>, sampleRate: number } | undefined} Recorded */

export class ChoicesForm {
  #device = find('#device', HTMLSelectElement);
  #gate = find('#gate', HTMLInputElement);
  #gateValue = find('#gate-value', HTMLOutputElement);
  #smoothing = find('#smoothing', HTMLInputElement);
  #smoothingValue = find('#smoothing-value', HTMLOutputElement);
  #calibrate = find('#calibrate', HTMLButtonElement);
  #forget = find('#forget', HTMLButtonElement);
  #note = find('#calibration', HTMLElement);
  #invitation = this.#note.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  /** Records for some seconds. @type {(seconds: number, onSecond: (left: number) => void) => Promise<Recorded>} */
  record = async () => undefined;
  /** Whether the microphone is free for it. */
  isFree = () => true;

  constructor() {
    this.#device.addEventListener('change', () => choose({ device: this.#device.value }));
    this.#gate.addEventListener('input', () => {
      choose({ gate: Number(this.#gate.value) });
      this.#show();
    });
    this.#smoothing.addEventListener('input', () => {
      choose({ smoothing: Number(this.#smoothing.value) });
      this.#show();
    });
    find('#choices', HTMLFormElement).addEventListener('reset', (event) => {
      event.preventDefault();
      void this.#defaults();
    });
    find('#choices', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
    this.#calibrate.addEventListener('click', () => void this.#hear());
    this.#forget.addEventListener('click', () => void this.#clear());
    this.#show();
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.list());
    void this.list();
  }

  #show() {
    const { gate, smoothing, device, baseline } = choices();
    this.#gate.value = String(gate);
    this.#gateValue.textContent = gate === 0 ? 'as measured' : `at least ${percent(gate)}`;
    this.#smoothing.value = String(smoothing);
    this.#smoothingValue.textContent = smoothing === 0 ? 'off' : `${smoothing}\u202fs`;
    this.#device.value = device;
    this.#forget.hidden = baseline === null;
    this.#note.textContent = baseline === null ? this.#invitation : toldOf(baseline);
  }

  /** Lists the microphones; browsers name them once one was allowed. */
  async list() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const inputs = devices.filter(
      ({ kind, deviceId }) => kind === 'audioinput' && deviceId && deviceId !== 'default',
    );
    const { device } = choices();
    const options = inputs.map(
      ({ deviceId, label }, index) => new Option(label || `Microphone ${index + 1}`, deviceId),
    );
    if (device && !inputs.some(({ deviceId }) => deviceId === device)) {
      options.push(new Option('The one chosen before, not connected or not yet allowed', device));
    }
    this.#device.replaceChildren(new Option('The browser’s choice', ''), ...options);
    this.#device.value = device;
  }

  async #hear() {
    if (!this.isFree()) return;
    try {
      const network = await recognizer();
      this.#calibrate.setAttribute('aria-disabled', 'true');
      announce(`Speak neutrally for ${SECONDS} seconds.`);
      const heard = await this.record(SECONDS, (left) => {
        this.#note.textContent = `Listening, ${left} s left. “The train leaves at nine, and the shop on the corner opens at eight.”`;
      });
      if (!heard) {
        this.#note.textContent = this.#invitation;
        return;
      }
      const baseline = await network.calibrate(heard.samples, { sampleRate: heard.sampleRate });
      choose({ baseline });
      this.#show();
      announce(toldOf(baseline));
    } catch (error) {
      this.#note.textContent = sentenceFor(error);
      announce(sentenceFor(error));
    } finally {
      this.#calibrate.removeAttribute('aria-disabled');
    }
  }

  async #clear() {
    await (await recognizer()).calibrate(null);
    choose({ baseline: null });
    this.#show();
    announce('Your neutral voice is forgotten.');
    this.#calibrate.focus();
  }

  async #defaults() {
    if (choices().baseline) await (await recognizer()).calibrate(null);
    forget();
    this.#show();
    announce('The defaults are back.');
  }
}

/** @param {import('speech-emotion').Baseline} baseline */
function toldOf({ level, speech }) {
  const decibels = `${Math.round(level)}`.replace('-', '−');
  return `Calibrated: your voice is at ${decibels} dB, ${percent(speech)} of the sample is speech. Of it this browser keeps 103 numbers and no audio.`;
}
