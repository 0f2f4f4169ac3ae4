/** The page: one clip at a time, from the microphone or a file, to an answer. */

import { Analysis } from './analysis.js';
import { decodeFile } from './decode.js';
import { describeMicrophone, sentenceFor } from './messages.js';
import { Recorder } from './recorder.js';
import { find, Result } from './result.js';
import { peakOf, Waveform } from './waveform.js';

/** @typedef {import('./recorder.js').Clip} Clip */

/** The longest recording, seconds. */
const MAX_SECONDS = 15;
/** Frames of a batch from the capture worklet, for the width of the running waveform. */
const BATCH_FRAMES = 2048;
/** The level at the meter's left end, dB of full scale. */
const METER_FLOOR_DB = -60;

const { body } = document;
const speak = find(body, '#speak', HTMLButtonElement);
const speakLabel = find(body, '#speak-label', HTMLElement);
const stateLine = find(body, '#state', HTMLElement);
const level = find(body, '#level', HTMLElement);
const fileInput = find(body, '#file', HTMLInputElement);
const clipLine = find(body, '#clip', HTMLElement);
const lengthLine = find(body, '#length', HTMLElement);
const announcement = find(body, '#announcement', HTMLElement);
const waveform = new Waveform(find(body, '#waveform', HTMLCanvasElement));
const result = new Result();
const analysis = new Analysis();

/** @type {Recorder | undefined} */
let recorder;

/** @param {'idle' | 'asking' | 'listening' | 'analysing'} phase */
function enter(phase) {
  body.dataset.phase = phase;
  speakLabel.textContent = phase === 'listening' ? 'Stop' : 'Speak';
  speak.setAttribute('aria-disabled', String(phase === 'asking' || phase === 'analysing'));
}

/**
 * @param {string} text
 * @param {'busy' | 'ready' | 'problem'} kind
 */
function say(text, kind) {
  stateLine.textContent = text;
  stateLine.dataset.kind = kind;
}

/** @param {unknown} error */
function fail(error) {
  const sentence = sentenceFor(error);
  enter('idle');
  say(sentence, 'problem');
  announcement.textContent = sentence;
}

/** @param {Clip} clip */
async function analyze(clip) {
  enter('analysing');
  const seconds = (clip.channels[0]?.length ?? 0) / clip.sampleRate;
  waveform.show(clip.channels, clip.sampleRate);
  lengthLine.textContent = `${seconds.toFixed(1)} s`;
  result.clear();
  say('Analysing…', 'busy');
  const { prediction, milliseconds } = await analysis.analyze(clip);
  announcement.textContent = result.show(prediction);
  say(`Answered in ${milliseconds.toFixed(0)} ms, on this device.`, 'ready');
  enter('idle');
}

async function listen() {
  enter('asking');
  say('Waiting for the microphone. Your browser may be asking you.', 'busy');
  let heard = 0;
  const started = await Recorder.start({
    onBatch(channels) {
      const [first] = channels;
      if (recorder === undefined || first === undefined) return;
      heard += first.length / recorder.sampleRate;
      waveform.push(peakOf(channels));
      const power = first.reduce((sum, sample) => sum + sample * sample, 0) / first.length;
      const db = 10 * Math.log10(power + 1e-10);
      level.style.setProperty('--level', String(Math.min(1, Math.max(0, 1 - db / METER_FLOOR_DB))));
      lengthLine.textContent = `${heard.toFixed(1)} s`;
      if (heard >= MAX_SECONDS) void finish();
    },
    onLost: () => void finish(),
  });
  recorder = started;
  const { name, settings } = started.device;
  clipLine.textContent = describeMicrophone(name, started.sampleRate, settings);
  lengthLine.textContent = '0.0 s';
  result.clear();
  waveform.begin((MAX_SECONDS * started.sampleRate) / BATCH_FRAMES);
  enter('listening');
  say(`Listening, ${MAX_SECONDS} seconds at most.`, 'busy');
}

/** Ends the recording that runs, if one does, and analyses it. */
async function finish() {
  const ending = recorder;
  if (ending === undefined) return;
  recorder = undefined;
  enter('analysing');
  try {
    await analyze(await ending.stop());
  } catch (error) {
    fail(error);
  }
}

/** @param {File | undefined} file */
async function open(file) {
  if (body.dataset.phase === 'asking' || body.dataset.phase === 'analysing') return;
  try {
    if (file === undefined) throw Object.assign(new Error('no file'), { code: 'no-file' });
    enter('analysing');
    const running = recorder;
    recorder = undefined;
    await running?.stop();
    say('Reading the file…', 'busy');
    clipLine.textContent = file.name;
    lengthLine.textContent = '';
    waveform.clear();
    result.clear();
    await analyze(await decodeFile(file));
  } catch (error) {
    fail(error);
  }
}

speak.addEventListener('click', () => {
  if (recorder) void finish();
  else if (body.dataset.phase === 'idle') listen().catch(fail);
});

find(body, '#choose', HTMLButtonElement).addEventListener('click', () => fileInput.click());
fileInput.addEventListener('change', () => {
  if (fileInput.files?.length) void open(fileInput.files[0]);
  fileInput.value = '';
});

addEventListener('dragover', (event) => {
  event.preventDefault();
  body.toggleAttribute('data-drop', true);
});
addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) body.toggleAttribute('data-drop', false);
});
addEventListener('drop', (event) => {
  event.preventDefault();
  body.toggleAttribute('data-drop', false);
  void open(event.dataTransfer?.files[0]);
});

try {
  await analysis.load();
  if (body.dataset.phase === 'idle' && stateLine.dataset.kind === 'busy') say('Ready.', 'ready');
} catch (error) {
  // A clip that is under way meets the same error when its turn comes.
  if (body.dataset.phase === 'idle') fail(error);
}
