/** A file or a sample: from its bytes to an answer, its pictures and its course. */

import { Answer, Bars, inWords } from './bars.js';
import { gated } from './choices.js';
import { ClipView } from './clip-view.js';
import { decodeFile } from './decode.js';
import { recognizer } from './engine.js';
import { save } from './export.js';
import { fileAt } from './files.js';
import { problem, sentenceFor } from './messages.js';
import { announce, clock, find, percent, say } from './page.js';
import { Player } from './player.js';

/**
 * @typedef {import('./decode.js').Clip} Clip
 * @typedef {import('speech-emotion').Analysis & { unsure?: boolean }} Analysis
 * @typedef {import('./lanes.js').Moment & { speech: number, probabilities: Record<import('./page.js').Emotion, number> | null }} Moment
 *
 * @typedef {object} Opened
 * @property {string} name
 * @property {number} seconds
 * @property {Analysis} analysis
 * @property {Moment[]} moments
 */

/** What a look inside takes of a clip, seconds. */
const LOOK_SECONDS = 6;

export class ClipPanel {
  #state = find('#file-state', HTMLElement);
  #input = find('#file', HTMLInputElement);
  #cancel = find('#cancel', HTMLButtonElement);
  #barsOf = find('#bars-of', HTMLElement);
  #answer = new Answer('#clip-answer', '#clip-detail');
  #bars = new Bars('#clip-bars');
  #view = new ClipView();
  #player = new Player();
  /** @type {NodeListOf<HTMLButtonElement>} */
  #exports = document.querySelectorAll('[data-export]');
  /** @type {AbortController | undefined} */
  #working;
  /** @type {Opened | undefined} */
  #opened;
  /** Called with the part of a clip that a look inside may take. @type {(clip: import('./inside.js').Offered) => void} */
  onClip = () => {};
  /** Called when a clip is opened: the microphone stops then. */
  onBusy = () => {};

  constructor() {
    find('#choose', HTMLButtonElement).addEventListener('click', () => this.#input.click());
    this.#input.addEventListener('change', () => {
      const [file] = this.#input.files ?? [];
      if (file) void this.open(file, file.name);
      this.#input.value = '';
    });
    this.#cancel.addEventListener('click', () => this.#working?.abort());
    for (const button of document.querySelectorAll('[data-sample]')) {
      button.addEventListener('click', () => void this.#openSample(/** @type {HTMLElement} */ (button)));
    }
    for (const button of this.#exports) {
      button.addEventListener('click', () => {
        if (this.#opened) void save(button.dataset.export ?? '', this.#opened, this.#view);
      });
    }
    this.#player.onTime = (seconds) => this.#at(seconds, true);
    this.#view.onSeek = (seconds) => this.#player.seek(seconds);
    this.#view.onHover = (seconds) => this.#at(seconds, false);
    this.#drops();
  }

  #drops() {
    addEventListener('dragover', (event) => {
      event.preventDefault();
      document.body.toggleAttribute('data-drop', true);
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) document.body.toggleAttribute('data-drop', false);
    });
    addEventListener('drop', (event) => {
      event.preventDefault();
      document.body.toggleAttribute('data-drop', false);
      const file = event.dataTransfer?.files[0];
      if (file) void this.open(file, file.name);
      else this.#fail(problem('no-file'));
    });
  }

  /** @param {HTMLElement} button */
  async #openSample(button) {
    const name = button.dataset.sample ?? '';
    await this.open(() => sampleOf(name), button.textContent?.trim() ?? name);
  }

  /** @param {unknown} error */
  #fail(error) {
    const sentence = sentenceFor(error);
    say(this.#state, sentence, 'problem');
    announce(sentence);
  }

  /**
   * Analyses and shows a file; one that is under way is given up.
   * @param {Blob | (() => Promise<Blob>)} source the file, or what fetches it
   * @param {string} name
   */
  async open(source, name) {
    this.#working?.abort();
    const working = new AbortController();
    this.#working = working;
    const { signal } = working;
    this.onBusy();
    this.#clear();
    this.#cancel.hidden = false;
    try {
      say(this.#state, `Reading ${name}…`, 'busy');
      const file = source instanceof Blob ? source : await source();
      signal.throwIfAborted();
      const clip = await decodeFile(file);
      signal.throwIfAborted();
      await this.#analyse(clip, file, name, signal);
    } catch (error) {
      // Another clip has taken its place, or will be waited for no longer.
      if (this.#working !== working) return;
      if (signal.aborted) say(this.#state, 'Cancelled. Choose another file when you like.', 'ready');
      else this.#fail(error);
    } finally {
      if (this.#working === working) this.#cancel.hidden = true;
    }
  }

  #clear() {
    this.#opened = undefined;
    this.#player.clear();
    this.#player.word = '';
    this.#view.clear();
    this.#answer.show('Working…');
    this.#bars.show(null, null);
    this.#barsOf.textContent = 'Bars: the whole clip';
    for (const button of this.#exports) button.disabled = true;
  }

  /**
   * @param {Clip} clip
   * @param {Blob} file
   * @param {string} name
   * @param {AbortSignal} signal
   */
  async #analyse(clip, file, name, signal) {
    const seconds = (clip.channels[0]?.length ?? 0) / clip.sampleRate;
    if (seconds > 3600) throw problem('too-long');
    this.#view.begin(seconds);
    this.#player.open(file, seconds);
    const network = await recognizer();
    // Where one of both fails the other ends, and says no more.
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const analysed = network.analyze(clip.channels, {
      sampleRate: clip.sampleRate,
      signal: both,
      onProgress: (share) => {
        if (!both.aborted)
          say(this.#state, `Analysing ${name}, ${clock(seconds)}: ${percent(share)}`, 'busy');
      },
    });
    const [analysis] = await Promise.all([analysed, this.#view.draw(clip, both)]).catch((error) => {
      failed.abort();
      throw error;
    });
    signal.throwIfAborted();
    const moments = /** @type {Moment[]} */ (analysis.segments.map(gated));
    // What the chosen gate lets nothing of through has no answer as a whole either.
    const open = moments.length === 0 || moments.some(({ label }) => label !== null);
    const answered = open
      ? analysis
      : { ...analysis, label: null, probabilities: null, unsure: /** @type {const} */ (false) };
    this.#opened = { name, seconds, analysis: answered, moments };
    this.#show(this.#opened);
    this.onClip(partOf(clip, moments, name));
  }

  /** @param {Opened} opened */
  #show({ name, seconds, analysis, moments }) {
    const { word, emotion, share, note } = inWords(analysis);
    const heard = `${percent(analysis.speech)} of it is speech.`;
    this.#answer.show(word, { emotion, share, detail: note ? `${note} ${heard}` : heard });
    this.#bars.show(analysis.probabilities, emotion);
    this.#view.course(moments);
    for (const button of this.#exports) button.disabled = false;
    const none = 'no speech was found. Choose a recording of somebody who speaks, or lower the speech gate.';
    const told = analysis.label === null ? none : 'analysed on this device.';
    say(this.#state, `${name}, ${clock(seconds)}: ${told}`, 'ready');
    announce(`${name}: ${word}${share === undefined ? '' : `, ${percent(share)}`}. ${heard}`);
  }

  /**
   * Shows the moment under the pointer or the cursor.
   * @param {number | null} seconds null: the whole clip again
   * @param {boolean} plays
   */
  #at(seconds, plays) {
    const opened = this.#opened;
    if (plays && seconds !== null) this.#view.cursor(seconds);
    if (!opened) return;
    const moment =
      seconds === null
        ? undefined
        : (opened.moments.find(({ end }) => end >= seconds) ?? opened.moments.at(-1));
    if (moment === undefined || seconds === null) {
      this.#bars.show(opened.analysis.probabilities, opened.analysis.unsure ? null : opened.analysis.label);
      this.#barsOf.textContent = 'Bars: the whole clip';
      return;
    }
    const { word } = inWords({ ...moment, probabilities: moment.smoothed });
    if (plays) this.#player.word = word.toLowerCase();
    this.#bars.show(moment.smoothed, moment.unsure ? null : moment.label);
    this.#barsOf.textContent = `Bars: at ${clock(seconds)}.${Math.floor((seconds % 1) * 10)}, ${word.toLowerCase()}`;
  }
}

/** @param {string} name one of the site's samples */
async function sampleOf(name) {
  try {
    const response = await fetch(fileAt(name));
    if (response.ok) return await response.blob();
  } catch (cause) {
    throw problem('load-failed', cause);
  }
  throw problem('load-failed');
}

/**
 * The part that a look inside takes: all of a short clip, of a long one the seconds before its surest moment.
 * @param {Clip} clip
 * @param {Moment[]} moments
 * @param {string} name
 * @returns {import('./inside.js').Offered}
 */
function partOf({ channels, sampleRate }, moments, name) {
  const seconds = (channels[0]?.length ?? 0) / sampleRate;
  if (seconds <= LOOK_SECONDS)
    return { channels: channels.map((channel) => channel.slice()), sampleRate, from: 0, name };
  let [best, end] = [0, LOOK_SECONDS];
  for (const { label, smoothed, end: at } of moments) {
    const share = label === null ? 0 : (smoothed?.[label] ?? 0);
    if (share > best) [best, end] = [share, at];
  }
  const from = Math.max(0, Math.min(end - LOOK_SECONDS, seconds - LOOK_SECONDS));
  const [first, last] = [Math.round(from * sampleRate), Math.round((from + LOOK_SECONDS) * sampleRate)];
  return { channels: channels.map((channel) => channel.slice(first, last)), sampleRate, from, name };
}
