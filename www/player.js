/** Plays a clip through the browser's own player, which need not hold its samples. */

import { clock, find } from './page.js';

export class Player {
  #audio = new Audio();
  #button = find('#play', HTMLButtonElement);
  #slider = find('#seek', HTMLInputElement);
  #position = find('#position', HTMLElement);
  #length = find('#length', HTMLElement);
  #frame = 0;
  #seconds = 0;
  #address = '';
  /** What is heard at the cursor, for a screen reader. */
  word = '';
  /** Called while it plays, and when a moment is chosen. @type {(seconds: number | null) => void} */
  onTime = () => {};

  constructor() {
    this.#audio.preload = 'auto';
    this.#button.addEventListener('click', () => this.#toggle());
    this.#slider.addEventListener('input', () => this.seek(Number(this.#slider.value)));
    this.#audio.addEventListener('play', () => this.#plays(true));
    this.#audio.addEventListener('pause', () => this.#plays(false));
    this.#audio.addEventListener('ended', () => this.#tell());
  }

  /** @param {Blob} file @param {number} seconds */
  open(file, seconds) {
    this.#address = URL.createObjectURL(file);
    this.#audio.src = this.#address;
    this.#seconds = seconds;
    this.#slider.max = String(seconds);
    this.#slider.step = String(Math.max(0.1, Math.round(seconds) / 200));
    this.#slider.value = '0';
    this.#slider.setAttribute('aria-valuetext', `0:00 of ${clock(seconds)}`);
    this.#length.textContent = clock(seconds);
    this.#button.disabled = false;
    this.#slider.disabled = false;
  }

  clear() {
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    URL.revokeObjectURL(this.#address);
    this.#button.disabled = true;
    this.#slider.disabled = true;
    this.#slider.value = '0';
    this.#position.textContent = '0:00';
    this.#length.textContent = '';
  }

  /** @param {number} seconds */
  seek(seconds) {
    if (this.#button.disabled) return;
    this.#audio.currentTime = Math.max(0, Math.min(this.#seconds, seconds));
    this.#tell(seconds);
  }

  #toggle() {
    if (this.#audio.paused) this.#audio.play().catch(() => this.#plays(false));
    else this.#audio.pause();
  }

  /** @param {boolean} playing */
  #plays(playing) {
    cancelAnimationFrame(this.#frame);
    this.#button.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    this.#button.toggleAttribute('data-playing', playing);
    if (playing) this.#frame = requestAnimationFrame(this.#tick);
  }

  #tick = () => {
    this.#frame = requestAnimationFrame(this.#tick);
    this.#tell();
  };

  #tell(seconds = this.#audio.currentTime) {
    const text = clock(seconds);
    this.onTime(seconds);
    this.#slider.value = String(seconds);
    if (this.#position.textContent !== text) this.#position.textContent = text;
    const told = [`${text} of ${clock(this.#seconds)}`, this.word].filter(Boolean).join(', ');
    if (this.#slider.getAttribute('aria-valuetext') !== told)
      this.#slider.setAttribute('aria-valuetext', told);
  }
}
