// Compiled, not run: what TypeScript makes of the package's types.
import {
  EMOTIONS,
  type Emotion,
  type ErrorCode,
  type Prediction,
  Recognizer,
  SpeechEmotionError,
  extractFeatures,
} from 'speech-emotion';
import {
  Extractor,
  FeatureStream,
  type Pitch,
  mfcc as mfccOf,
  powerToDb,
  preemphasis,
  rms as rmsOf,
  stft,
  yin,
} from 'speech-emotion/features';

declare const samples: Float32Array;
declare const buffer: AudioBuffer;

const recognizer = await Recognizer.load();
await Recognizer.load({ assets: { wasm: new URL('https://example.org/module.wasm') } });
await Recognizer.load({ assets: { wasm: new Uint8Array(8), worker: '/worker.js' }, worker: true });

// The union: a label comes with its probabilities.
const prediction: Prediction = await recognizer.analyze(samples, { sampleRate: 48_000 });
if (prediction.label !== null) {
  const probability: number = prediction.probabilities[prediction.label];
  console.log(probability);
} else {
  const nothing: null = prediction.probabilities;
  console.log(nothing);
}

// An AudioBuffer brings its rate; samples need one.
await recognizer.analyze(buffer);
await recognizer.analyze([samples, samples], { sampleRate: 44_100 });
// @ts-expect-error: no sample rate
await recognizer.analyze(samples);
// @ts-expect-error: another type of samples
await recognizer.analyze(new Int16Array(4), { sampleRate: 16_000 });
// @ts-expect-error: constructed by load() alone
new Recognizer();

// Encoded files bring their rate as well, and the time course comes unless it is left out.
const { segments, label } = await recognizer.analyze(new Blob(), { onProgress: (share: number) => share });
console.log(label, segments[0]?.smoothed?.angry);
const short = await recognizer.analyze(samples, { sampleRate: 16_000, segments: false });
// @ts-expect-error: left out
console.log(short.segments);

const session = await recognizer.listen({
  signal: AbortSignal.timeout(1_000),
  onLevel: ({ rms, peak }) => console.log(rms - peak),
  onPrediction: ({ start, end, label: now }) => console.log(start - end, now),
});
console.log(session.device.settings.echoCancellation, session.sampleRate);
await session.stop();
const baseline = await recognizer.calibrate(samples, { sampleRate: 16_000 });
console.log(baseline.level, baseline.scale.length);
await recognizer.calibrate(baseline);
const nothing: null = await recognizer.calibrate(null);
console.log(nothing, recognizer.card?.protocols['combined-random']?.wa);

// The result holds what was asked for.
const { mfcc } = await extractFeatures(samples, { sampleRate: 16_000, features: ['mfcc'] });
const [bands, frames]: [number, number] = mfcc.shape;
console.log(mfcc.data[bands * frames - 1]);
const { rms } = await extractFeatures(buffer);
console.log(rms.data);
const some = await extractFeatures(samples, { sampleRate: 16_000, features: ['mfcc', 'rms'] });
// @ts-expect-error: not asked for
console.log(some.log_mel);
// @ts-expect-error: no such feature
await extractFeatures(samples, { sampleRate: 16_000, features: ['loudness'] });

const emotion: Emotion = EMOTIONS[0];
console.log(emotion);
try {
  using scoped = await Recognizer.load();
  await scoped.analyze(buffer);
} catch (error) {
  if (error instanceof SpeechEmotionError) {
    const code: ErrorCode = error.code;
    console.log(code);
  }
}

// The features' own entry: the rate is needed where it matters, and options are each feature's own.
const { shape } = await mfccOf(samples, { sampleRate: 16_000, nMfcc: 13, window: 'hamming' });
const sizes: [number, number] = shape;
await mfccOf(buffer, { nMfcc: 13 });
await rmsOf(samples);
// @ts-expect-error: no sample rate
await mfccOf(samples, { nMfcc: 13 });
// @ts-expect-error: no option of RMS
await rmsOf(samples, { nMels: 13 });
// @ts-expect-error: librosa's spelling
await mfccOf(samples, { sampleRate: 16_000, n_mfcc: 13 });
const parts: 2 = (await stft(samples)).shape[2];
const magnitude: [number, number] = (await stft(samples, { output: 'magnitude' })).shape;
const pitch: Pitch = await yin(buffer, { fmin: 60 });
const [pitches]: [number] = pitch.shape;
const lifted: Float32Array = (await preemphasis(samples)).data;
const decibels: Float32Array = await powerToDb(samples, { ref: 'max' });
using extractor = await Extractor.load({ sampleRate: 16_000, features: ['rms'] });
const { rms: loudness } = extractor.extract(samples);
const stream = await FeatureStream.load({ sampleRate: 16_000, features: ['mfcc'], topDb: null });
const { mfcc: last } = (stream.push(samples), stream.finish());
console.log(sizes, parts, magnitude, pitch.voicedProb, pitches, lifted, decibels, loudness.data, last.data);
// @ts-expect-error: not asked for
console.log(extractor.extract(samples).mfcc);
