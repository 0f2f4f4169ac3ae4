// The package over time: the time course, pieces, progress, giving up, files, calibration, the card.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, api, speech, tone } from './support.mjs';

const { EMOTIONS, Recognizer } = api;

/** Two sentences with a pause between them. */
function sentences() {
  const { sampleRate, channels } = speech();
  const [samples = new Float32Array(0)] = channels;
  const long = new Float32Array(samples.length * 2 + sampleRate);
  long.set(samples, 0);
  long.set(samples, samples.length + sampleRate);
  return { samples: long, sampleRate };
}

/**
 * A mono wav file of 16-bit samples.
 * @param {Float32Array} samples
 * @param {number} sampleRate
 * @param {number} [before] bytes of another chunk before the samples
 */
function wavFile(samples, sampleRate, before = 0) {
  const head = Buffer.alloc(44 + 8 + before);
  const size = samples.length * 2;
  head.write('RIFF');
  head.writeUInt32LE(head.length - 8 + size, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('note', 36);
  head.writeUInt32LE(before, 40);
  head.write('data', 44 + before);
  head.writeUInt32LE(size, 48 + before);
  return new Blob([head, Int16Array.from(samples, (sample) => sample * 32_767)]);
}

test('segments every half second, each with its probabilities', async () => {
  const recognizer = await Recognizer.load();
  const { samples, sampleRate } = sentences();
  const { segments, ...overall } = await recognizer.analyze(samples, { sampleRate });
  const seconds = samples.length / sampleRate;
  assert.equal(segments.length, Math.ceil(seconds / 0.5));
  for (const [n, { start, end, speech: share, label, probabilities, smoothed }] of segments.entries()) {
    assert.ok(Math.abs(end - Math.min(seconds, (n + 1) / 2)) < 1e-3);
    assert.ok(Math.abs(start - Math.max(0, end - 3)) < 1e-9);
    assert.ok(share >= 0 && share <= 1);
    assert.equal(label === null, probabilities === null);
    for (const values of [probabilities, smoothed]) {
      if (values === null) continue;
      assert.deepEqual(Object.keys(values), [...EMOTIONS]);
      assert.ok(Math.abs(Object.values(values).reduce((sum, value) => sum + value) - 1) < 1e-5);
    }
  }
  assert.deepEqual(overall, await recognizer.analyze(samples, { sampleRate, segments: false }));
  recognizer.dispose();
});

test('progress goes to 1, and an analysis can be given up on the way', async () => {
  const recognizer = await Recognizer.load();
  const samples = tone(8_000, 24);
  /** @type {number[]} */
  const progress = [];
  await recognizer.analyze(samples, { sampleRate: 8_000, onProgress: (share) => progress.push(share) });
  assert.equal(progress.at(-1), 1);
  const steps = progress.map((share, n) => share - (progress[n - 1] ?? 0));
  assert.ok(
    steps.every((step) => step > 0 && step <= 5 / 24),
    String(progress),
  );

  const controller = new AbortController();
  let calls = 0;
  const onProgress = () => {
    calls += 1;
    controller.abort();
  };
  const options = { sampleRate: 8_000, signal: controller.signal, onProgress };
  await assert.rejects(recognizer.analyze(samples, options), { name: 'AbortError' });
  assert.equal(calls, 1);
  await assert.rejects(recognizer.analyze(samples, options), { name: 'AbortError' });
  recognizer.dispose();
});

test('a long clip takes no more memory than a short one, as samples and as a file', async (t) => {
  const { default: init } = await import(new URL('../../pkg/speech_emotion.js', import.meta.url).href);
  const recognizer = await Recognizer.load();
  const { memory } = await init();
  const { samples, sampleRate } = sentences();
  const minutes = (/** @type {number} */ count) => {
    const long = new Float32Array(count * 60 * sampleRate);
    for (let at = 0; at + samples.length <= long.length; at += samples.length) long.set(samples, at);
    return long;
  };
  /** What this thread holds besides the module, bytes. */
  const held = () => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external - memory.buffer.byteLength;
  };
  const short = minutes(0.5);
  await recognizer.analyze(short, { sampleRate });
  await recognizer.analyze(wavFile(short, sampleRate));
  const long = minutes(4);
  const file = wavFile(long, sampleRate);
  const before = memory.buffer.byteLength;
  // Twice: what finalizers let go of goes with the second.
  held();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const heldBefore = held();
  let [most, pieces] = [0, 0];
  const onProgress = () => {
    pieces += 1;
    if (pieces % 10 === 0) most = Math.max(most, held() - heldBefore);
  };
  const { label, segments } = await recognizer.analyze(long, { sampleRate, onProgress });
  assert.notEqual(label, null);
  assert.equal(segments.length, 480);
  const read = await recognizer.analyze(file, { segments: false, onProgress });
  assert.deepEqual(Object.keys(read), ['label', 'probabilities', 'unsure', 'speech']);
  assert.equal(read.label, label);
  const grown = memory.buffer.byteLength - before;
  t.diagnostic(`${long.byteLength} bytes of samples: module ${grown} bytes more, beside it at most ${most}`);
  assert.ok(grown < 2 ** 20, `${grown} bytes more`);
  // A quarter of what a copy of the samples would take.
  if (globalThis.gc) assert.ok(most < long.byteLength / 4, `${most} bytes more`);
  recognizer.dispose();
});

test('a wav file in pieces is the whole, wherever its samples lie and whatever they are', async () => {
  const recognizer = await Recognizer.load();
  const { samples, sampleRate } = sentences();
  const long = new Float32Array(samples.length * 2);
  long.set(samples);
  long.set(samples, samples.length);
  const asInteger = long.map((sample) => Math.trunc(sample * 32_767) / 32_768);
  const expected = await recognizer.analyze(asInteger, { sampleRate });
  assert.deepEqual(await recognizer.analyze(wavFile(long, sampleRate)), expected);
  // Further in than is looked at first, as behind a picture.
  const late = wavFile(long, sampleRate, 100_000);
  assert.deepEqual(await recognizer.analyze(late), expected);
  assert.deepEqual(await recognizer.analyze(await late.arrayBuffer()), expected);
  await assert.rejects(recognizer.analyze(late.slice(0, 90_000)), { code: 'decode' });
  await assert.rejects(recognizer.analyze(late.slice(0, late.size - 2)), { code: 'decode' });
  const baseline = await recognizer.calibrate(late);
  await recognizer.calibrate(null);
  assert.deepEqual(await recognizer.calibrate(asInteger, { sampleRate }), baseline);
  recognizer.dispose();
});

test('the overall answer needs no time course, of short clips and of long ones', async () => {
  const recognizer = await Recognizer.load();
  const { samples, sampleRate } = sentences();
  for (const times of [0.2, 1, 3]) {
    const clip = new Float32Array(Math.round(samples.length * times));
    for (let at = 0; at < clip.length; at += samples.length)
      clip.set(samples.subarray(0, clip.length - at), at);
    const { segments, ...overall } = await recognizer.analyze(clip, { sampleRate });
    assert.ok(segments.length > 0);
    assert.deepEqual(await recognizer.analyze(clip, { sampleRate, segments: false }), overall);
  }
  recognizer.dispose();
});

test('interleaved samples are their channels', async () => {
  const recognizer = await Recognizer.load();
  const { samples, sampleRate } = sentences();
  const quiet = samples.map((sample) => sample / 3);
  const expected = await recognizer.analyze([samples, quiet], { sampleRate });
  const interleaved = Float32Array.from({ length: samples.length * 2 }, (_, n) =>
    Number((n % 2 === 0 ? samples : quiet)[n >> 1]),
  );
  assert.deepEqual(await recognizer.analyze(interleaved, { sampleRate, channels: 2 }), expected);
  for (const channels of [0, 33, 1.5, NaN, '2']) {
    const options = /** @type {{ sampleRate: number, channels: any }} */ ({ sampleRate, channels });
    await assert.rejects(recognizer.analyze(interleaved, options), { code: 'invalid-argument' });
  }
  const odd = recognizer.analyze(interleaved.subarray(1), { sampleRate, channels: 2 });
  await assert.rejects(odd, { code: 'invalid-argument', message: /a multiple of 2 interleaved samples/ });
  const planar = recognizer.analyze([samples], { sampleRate, channels: 2 });
  await assert.rejects(planar, {
    code: 'invalid-argument',
    message: /options\.channels for one Float32Array alone/,
  });
  recognizer.dispose();
});

test('a wav file as bytes or as a Blob, and what is none', async () => {
  const recognizer = await Recognizer.load();
  const bytes = readFileSync(join(ROOT, 'tests', 'fixtures', 'speech', 'door.wav'));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const clip = speech();
  const expected = await recognizer.analyze(clip.channels, { sampleRate: clip.sampleRate });
  assert.deepEqual(await recognizer.analyze(buffer), expected);
  assert.deepEqual(await recognizer.analyze(new Blob([bytes])), expected);
  assert.equal(buffer.byteLength, bytes.byteLength, 'the caller keeps the bytes');
  const mp3 = readFileSync(join(ROOT, 'tests', 'fixtures', 'speech', 'eleven.mp3'));
  for (const wrong of [new Blob([mp3]), new ArrayBuffer(0), buffer.slice(0, 1_000)]) {
    await assert.rejects(recognizer.analyze(wrong), { name: 'SpeechEmotionError', code: 'decode' });
  }
  recognizer.dispose();
});

test('a calibrated recognizer hears the speaker against their own voice until that is cleared', async () => {
  const recognizer = await Recognizer.load();
  const { channels, sampleRate } = speech();
  const before = await recognizer.analyze(channels, { sampleRate });
  const baseline = await recognizer.calibrate(channels, { sampleRate });
  assert.ok(baseline.level < 0 && baseline.speech > 0.5, JSON.stringify(baseline));
  const heard = await recognizer.analyze(channels, { sampleRate });
  assert.notDeepEqual(heard, before);
  const other = await Recognizer.load();
  assert.deepEqual(await other.analyze(channels, { sampleRate }), before, 'others are not concerned');
  assert.equal(await recognizer.calibrate(null), null);
  assert.deepEqual(await recognizer.analyze(channels, { sampleRate }), before);
  const kept = JSON.parse(JSON.stringify(baseline));
  assert.deepEqual(await recognizer.calibrate(kept), baseline);
  assert.deepEqual(await recognizer.analyze(channels, { sampleRate }), heard, 'what was kept does the same');
  await assert.rejects(recognizer.calibrate({ ...kept, scale: kept.scale.slice(1) }), { code: 'parameter' });
  await assert.rejects(recognizer.calibrate({ ...kept, level: undefined }), { code: 'parameter' });
  await assert.rejects(recognizer.calibrate({ ...kept, scale: 'none' }), { code: 'parameter' });
  const silence = recognizer.calibrate(new Float32Array(48_000), { sampleRate: 16_000 });
  await assert.rejects(silence, { code: 'no-speech' });
  recognizer.dispose();
  other.dispose();
});

test('the card is the model card, and other weights have none', async () => {
  const recognizer = await Recognizer.load();
  const card = JSON.parse(readFileSync(join(ROOT, 'pkg', 'card.json'), 'utf8'));
  assert.deepEqual(recognizer.card, card);
  assert.deepEqual(recognizer.card?.classes, [...EMOTIONS]);
  const weights = readFileSync(join(ROOT, 'src', 'model', 'speech_emotion.weights'));
  const other = await Recognizer.load({ weights });
  assert.equal(other.card, null);
  recognizer.dispose();
  other.dispose();
});

test('weights beside the module are loaded by their name, with their card', async () => {
  const recognizer = await Recognizer.load({ weights: 'crema-d' });
  const card = JSON.parse(readFileSync(join(ROOT, 'src', 'model', 'crema-d', 'card.json'), 'utf8'));
  assert.deepEqual(recognizer.card, card);
  assert.deepEqual(card.classes, ['neutral', 'happy', 'sad', 'angry', 'fear', 'disgust']);
  assert.deepEqual(Object.keys(card.licences), ['CREMA-D', 'guide', 'weights']);
  const { channels, sampleRate } = speech();
  const { probabilities } = await recognizer.analyze(channels, { sampleRate, segments: false });
  assert.ok(probabilities);
  assert.equal(probabilities.calm, 0);
  assert.equal(probabilities.surprise, 0);
  const own = await Recognizer.load();
  assert.notDeepEqual(own.card, card);
  recognizer.dispose();
  own.dispose();
  await assert.rejects(Recognizer.load({ weights: 'crema-d', signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
});

test('listening needs a page', async () => {
  const recognizer = await Recognizer.load();
  await assert.rejects(recognizer.listen(), { code: 'no-audio' });
  recognizer.dispose();
  await assert.rejects(recognizer.listen(), { code: 'disposed' });
});

test('loads can be given up', async () => {
  await assert.rejects(Recognizer.load({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  // @ts-expect-error: the types forbid it as well.
  await assert.rejects(Recognizer.load({ worker: 1 }), { code: 'invalid-argument' });
  // @ts-expect-error: the types forbid it as well.
  await assert.rejects(Recognizer.load({ signal: 1 }), { code: 'invalid-argument' });
});
