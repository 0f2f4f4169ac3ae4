// Time and peak memory from 1 s to 1 h of speech at 16 kHz, in Node: prints them as JSON.
// node bench/answer/lengths.mjs [LONGEST, seconds]
import { argv } from 'node:process';

import { SAMPLE_RATE, speech } from '../clip.mjs';

const LENGTHS = [1, 10, 60, 600, 3600];
/** The parts into which the longest clip's time is cut, to see whether the last costs what the first did. */
const SECTIONS = 6;

const packaged = (/** @type {string} */ file) => new URL(`../../pkg/${file}`, import.meta.url).href;
const { Recognizer } = await import(packaged('node.js'));
const recognizer = await Recognizer.load();
// Already instantiated: it gives the instance's exports.
const { memory } = await (await import(packaged('speech_emotion.js'))).default();
const piece = speech(SAMPLE_RATE);
const longest = Number(argv[2] ?? LENGTHS.at(-1));
const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 2 ** 16) / 16;

/** @param {number} seconds */
function clipOf(seconds) {
  const clip = new Float32Array(seconds * SAMPLE_RATE);
  for (let at = 0; at < clip.length; at += piece.length) {
    clip.set(piece.slice(0, clip.length - at), at);
  }
  return clip;
}

// Warm: the first call's compilation is the cold start's, measured apart.
for (let call = 0; call < 5; call += 1) await recognizer.analyze(clipOf(10), { sampleRate: SAMPLE_RATE });
const base = memory.buffer.byteLength;

const rows = [];
for (const seconds of LENGTHS.filter((length) => length <= longest)) {
  const clip = clipOf(seconds);
  const runs = Math.max(1, Math.min(9, Math.floor(60 / seconds)));
  const times = [];
  /** When each share of the clip was done. @type {[share: number, milliseconds: number][]} */
  let course = [];
  const baseRss = process.memoryUsage.rss();
  let peakRss = baseRss;
  for (let run = 0; run < runs; run += 1) {
    course = [[0, 0]];
    const start = performance.now();
    await recognizer.analyze(clip, {
      sampleRate: SAMPLE_RATE,
      onProgress: (/** @type {number} */ share) => {
        course.push([share, performance.now() - start]);
        peakRss = Math.max(peakRss, process.memoryUsage.rss());
      },
    });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const milliseconds = times[times.length >> 1] ?? NaN;
  const until = (/** @type {number} */ share) =>
    course.find(([done]) => done >= share - 1e-9)?.[1] ?? milliseconds;
  const sections = Array.from({ length: SECTIONS }, (_, n) =>
    Math.round(until((n + 1) / SECTIONS) - until(n / SECTIONS)),
  );
  rows.push({
    seconds,
    runs,
    milliseconds,
    perSecond: milliseconds / seconds,
    ...(seconds >= 600 && { sections }),
    wasmOverBaseMiB: megabytes(memory.buffer.byteLength - base),
    processOverBaseMiB: megabytes(peakRss - baseRss),
  });
}
recognizer.dispose();
console.log(JSON.stringify({ engine: `Node ${process.version}`, baseMiB: megabytes(base), rows }));
