import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, speech, tone } from './support.mjs';

const { EMOTIONS, Recognizer, SpeechEmotionError } = api;

test('speech gets eight probabilities and the greatest as its label', async () => {
  const recognizer = await Recognizer.load();
  const { sampleRate, channels } = speech();
  const prediction = await recognizer.analyze(channels, { sampleRate });
  assert.ok(prediction.probabilities);
  assert.deepEqual(Object.keys(prediction.probabilities), [...EMOTIONS]);
  const values = Object.values(prediction.probabilities);
  assert.ok(values.every((value) => value >= 0 && value <= 1));
  assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
  assert.equal(prediction.probabilities[prediction.label], Math.max(...values));
  assert.ok(prediction.speech > 0.2 && prediction.speech <= 1, `speech ${prediction.speech}`);
  recognizer.dispose();
});

test('one channel, an array of channels and an AudioBuffer give the same answer', async () => {
  const recognizer = await Recognizer.load();
  const { sampleRate, channels } = speech();
  const [samples] = channels;
  assert.ok(samples);
  const answer = await recognizer.analyze(samples, { sampleRate });
  assert.deepEqual(await recognizer.analyze([samples], { sampleRate }), answer);
  assert.deepEqual(await recognizer.analyze([samples, samples], { sampleRate }), answer);
  const buffer = {
    numberOfChannels: 2,
    sampleRate,
    length: samples.length,
    getChannelData: () => samples,
  };
  assert.deepEqual(await recognizer.analyze(buffer), answer);
  assert.deepEqual(await recognizer.analyze(buffer, { sampleRate }), answer);
  recognizer.dispose();
});

test('silence has no emotion', async () => {
  const recognizer = await Recognizer.load();
  const prediction = await recognizer.analyze(new Float32Array(44_100), { sampleRate: 44_100 });
  const { segments, ...overall } = prediction;
  assert.deepEqual(overall, { label: null, probabilities: null, unsure: false, speech: 0 });
  assert.deepEqual(
    segments.map(({ start, end, label }) => [start, end, label]),
    [
      [0, 0.5, null],
      [0, 1, null],
    ],
  );
  recognizer.dispose();
});

test('answers do not depend on what was analysed before', async () => {
  const recognizer = await Recognizer.load();
  const { sampleRate, channels } = speech();
  const first = await recognizer.analyze(channels, { sampleRate });
  await recognizer.analyze(tone(48_000, 1), { sampleRate: 48_000 });
  assert.deepEqual(await recognizer.analyze(channels, { sampleRate }), first);
  const second = await Recognizer.load();
  assert.deepEqual(await second.analyze(channels, { sampleRate }), first);
  recognizer.dispose();
  second.dispose();
});

test('a disposed recognizer says so, and the others live on', async () => {
  const recognizer = await Recognizer.load();
  const other = await Recognizer.load();
  recognizer.dispose();
  recognizer.dispose();
  const analyse = () => recognizer.analyze(tone(16_000, 1), { sampleRate: 16_000 });
  await assert.rejects(analyse, (error) => error instanceof SpeechEmotionError && error.code === 'disposed');
  await other.analyze(tone(16_000, 1), { sampleRate: 16_000 });
  other[Symbol.dispose]();
  await assert.rejects(other.analyze(tone(16_000, 1), { sampleRate: 16_000 }), { code: 'disposed' });
});

test('many recognizers, disposed of, leave no memory behind', async () => {
  const { default: init } = await import(new URL('../../pkg/speech_emotion.js', import.meta.url).href);
  const memory = (await init()).memory;
  const once = async () => {
    const recognizer = await Recognizer.load();
    await recognizer.analyze(tone(16_000, 1), { sampleRate: 16_000 });
    recognizer.dispose();
  };
  for (let n = 0; n < 3; n += 1) await once();
  const before = memory.buffer.byteLength;
  for (let n = 0; n < 20; n += 1) await once();
  assert.equal(memory.buffer.byteLength, before);
});

test('new Recognizer() points to load()', () => {
  // @ts-expect-error: the types forbid it as well.
  assert.throws(() => new Recognizer(), { code: 'invalid-argument', message: /Recognizer\.load\(\)/ });
});
