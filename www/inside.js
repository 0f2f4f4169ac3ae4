/** The network's view of the last clip: its input as a picture, and the moments that its answer leant on. */

import { recognizer } from './engine.js';
import { sentenceFor } from './messages.js';
import { announce, find, percent, say } from './page.js';
import { STRETCH, occlude } from './occlusion.js';
import { CurvePlot, FeaturePicture } from './inside-view.js';
import { stackOf } from './view.js';

/** Hz, what the network hears. */
const RATE = 16_000;

/**
 * @typedef {object} Offered
 * @property {Float32Array<ArrayBuffer>[]} channels
 * @property {number} sampleRate
 * @property {number} from where it begins in its clip, seconds
 * @property {string} name
 */

export class Inside {
  #state = find('#inside-state', HTMLElement);
  #button = find('#look', HTMLButtonElement);
  #answer = find('#inside-answer', HTMLElement);
  #from = find('#inside-from', HTMLElement);
  #to = find('#inside-to', HTMLElement);
  #picture = new FeaturePicture('#features');
  #curve = new CurvePlot('#occlusion');
  /** @type {Offered | undefined} */
  #offered;
  #looking = false;

  constructor() {
    this.#button.addEventListener('click', () => {
      if (this.#offered && !this.#looking) void this.#look(this.#offered);
    });
  }

  /** Takes a clip as the last one. @param {Offered} clip */
  offer(clip) {
    this.#offered = clip;
    this.#button.setAttribute('aria-disabled', 'false');
    if (!this.#looking) say(this.#state, `The last clip is ${clip.name}${spanOf(clip)}.`, 'ready');
  }

  /** @param {Offered} clip */
  async #look(clip) {
    this.#looking = true;
    this.#button.setAttribute('aria-disabled', 'true');
    try {
      say(this.#state, `Looking into ${clip.name}…`, 'busy');
      const samples = await resampled(clip);
      const seconds = samples.length / RATE;
      const time = (/** @type {number} */ at) => `${(clip.from + at).toFixed(1)} s`;
      [this.#from.textContent, this.#to.textContent] = [time(0), time(seconds)];
      this.#curve.clear();
      this.#picture.show(await stackOf(samples), seconds);
      const network = await recognizer();
      const found = await occlude(network, samples, RATE, (share) =>
        say(this.#state, `Silencing one stretch after another: ${percent(share)}`, 'busy'),
      );
      if (found === null) {
        this.#tell('No speech was found in this clip: there is no answer to take apart.', clip);
        return;
      }
      this.#curve.show(found, seconds);
      const least = found.without.reduce((low, each) => (each.score < low.score ? each : low));
      const [first, last] = [least.at - STRETCH / 2, least.at + STRETCH / 2].map((at) =>
        Math.max(0, Math.min(seconds, at)),
      );
      this.#tell(
        `The clip as it is: ${found.label}, ${percent(found.score)}. Without ${time(first ?? 0)} to ${time(last ?? 0)} only ${percent(least.score)} is left: it leant on that moment most.`,
        clip,
      );
    } catch (error) {
      say(this.#state, sentenceFor(error), 'problem');
      announce(sentenceFor(error));
    } finally {
      this.#looking = false;
      this.#button.setAttribute('aria-disabled', 'false');
    }
  }

  /** @param {string} text @param {Offered} clip */
  #tell(text, clip) {
    this.#answer.textContent = text;
    say(this.#state, `Seen: ${clip.name}${spanOf(clip)}.`, 'ready');
    announce(text);
  }
}

/** @param {Offered} clip */
function spanOf({ channels, sampleRate, from }) {
  const seconds = (channels[0]?.length ?? 0) / sampleRate;
  return from > 0
    ? `, ${from.toFixed(1)} to ${(from + seconds).toFixed(1)} s, where it was surest`
    : `, ${seconds.toFixed(1)} s`;
}

/**
 * One channel at 16 kHz, by the browser's resampler: for the picture and for asking again.
 * @param {Offered} clip
 */
async function resampled({ channels, sampleRate }) {
  const length = channels[0]?.length ?? 0;
  const context = new OfflineAudioContext(1, Math.max(1, Math.round((length * RATE) / sampleRate)), RATE);
  const buffer = new AudioBuffer({
    numberOfChannels: channels.length,
    length: Math.max(1, length),
    sampleRate,
  });
  channels.forEach((channel, index) => buffer.copyToChannel(channel, index));
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}
