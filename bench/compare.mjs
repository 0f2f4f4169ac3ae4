// The same features of the same clips by three libraries, in Node and in a page alike: so it imports nothing.

/** Samples of a frame and from a frame to the next, librosa's presets. */
const FRAME = 2048;
const HOP = 512;
const MELS = 128;
const COEFFICIENTS = 20;

/**
 * @typedef {object} Libraries
 * @property {any} meyda
 * @property {any} essentia
 * @property {typeof import('../pkg-template/features.js')} features
 * @property {{ compute(samples: Float32Array): unknown }} stack the network's input
 *
 * @typedef {object} Row
 * @property {string} library
 * @property {number} seconds of the clip
 * @property {number} runs
 * @property {number} milliseconds the median
 * @property {number} lowest ms
 * @property {number} highest ms
 */

/**
 * Mel spectrogram, MFCC, chroma, RMS and zero crossings of centred frames, one thread.
 * @param {Libraries} libraries
 * @param {number[]} speech
 * @param {number} sampleRate
 * @returns {Promise<Row[]>}
 */
export async function compare({ meyda, essentia, features, stack }, speech, sampleRate) {
  const names = /** @type {const} */ (['melspectrogram', 'mfcc', 'chroma_stft', 'rms', 'zero_crossing_rate']);
  const extractor = await features.Extractor.load({ sampleRate, features: names });
  const everything = await features.Extractor.load({ sampleRate });

  /** Silence around the clip, so that frames are centred as librosa's and ours are. @param {Float32Array} clip */
  const padded = (clip) => {
    const samples = new Float32Array(clip.length + FRAME);
    samples.set(clip, FRAME / 2);
    return samples;
  };

  Object.assign(meyda, {
    sampleRate,
    bufferSize: FRAME,
    windowingFunction: 'hanning',
    melBands: MELS,
    numberOfMFCCCoefficients: COEFFICIENTS,
  });
  /** @param {Float32Array} clip */
  const byMeyda = (clip) => {
    const samples = padded(clip);
    const frames = [];
    for (let at = 0; at + FRAME <= samples.length; at += HOP) {
      const frame = samples.subarray(at, at + FRAME);
      frames.push(meyda.extract(['melBands', 'mfcc', 'chroma', 'rms', 'zcr'], frame));
    }
    return frames.length;
  };

  const nyquist = sampleRate / 2;
  const bins = FRAME / 2 + 1;
  /** @param {Float32Array} clip */
  const byEssentia = (clip) => {
    const samples = padded(clip);
    const frames = [];
    for (let at = 0; at + FRAME <= samples.length; at += HOP) {
      const frame = essentia.arrayToVector(samples.subarray(at, at + FRAME));
      const windowed = essentia.Windowing(frame, true, FRAME, 'hann', 0, true).frame;
      const { spectrum } = essentia.Spectrum(windowed, FRAME);
      const mel = essentia.MelBands(
        ...[spectrum, nyquist, bins, false, 0, 'unit_tri', MELS, sampleRate, 'power', 'slaneyMel', 'linear'],
      ).bands;
      const cepstrum = essentia.MFCC(
        ...[spectrum, 2, nyquist, bins, 0, 'dbamp', 0, 'unit_sum', MELS, COEFFICIENTS, sampleRate],
        ...[1e-10, 'power', 'slaneyMel', 'linear'],
      );
      const peaks = essentia.SpectralPeaks(spectrum, 0, nyquist, 100, 40, 'frequency', sampleRate);
      const { hpcp } = essentia.HPCP(peaks.frequencies, peaks.magnitudes);
      const { rms } = essentia.RMS(frame);
      const { zeroCrossingRate } = essentia.ZeroCrossingRate(frame);
      const [bands, coefficients, chroma] = [mel, cepstrum.mfcc, hpcp].map((vector) =>
        essentia.vectorToArray(vector),
      );
      frames.push({ bands, coefficients, chroma, rms, zeroCrossingRate });
      const vectors = [frame, windowed, spectrum, mel, cepstrum.bands, cepstrum.mfcc];
      for (const vector of [...vectors, peaks.frequencies, peaks.magnitudes, hpcp]) vector.delete();
    }
    return frames.length;
  };

  /** @type {Row[]} */
  const rows = [];
  for (const [seconds, rounds] of /** @type {const} */ ([
    [3, 15],
    [60, 3],
  ])) {
    const clip = Float32Array.from(
      { length: seconds * sampleRate },
      (_, n) => speech[n % speech.length] ?? 0,
    );
    // The same samples as if they were of 16 kHz: what they sound like does not matter to the clock.
    const slow = clip.subarray(0, seconds * 16_000);
    const frames = 1 + Math.floor(clip.length / HOP);
    /** @type {[string, number, () => unknown][]} library, calls in a round, call */
    const cases = [
      ['speech-emotion', seconds < 60 ? 10 : 3, () => extractor.extract(clip).rms.shape[1]],
      ['Meyda', 1, () => byMeyda(clip)],
      ['essentia.js', 1, () => byEssentia(clip)],
      ['speech-emotion, all features', seconds < 60 ? 10 : 3, () => everything.extract(clip).rms.shape[1]],
      ['speech-emotion, input stack', seconds < 60 ? 10 : 3, () => stack.compute(slow)],
    ];
    for (const [library, , call] of cases.slice(0, 4)) {
      const got = call();
      if (got !== frames) throw new Error(`expected ${frames} frames of ${library}, got ${got}`);
    }
    for (let call = 0; call < 20; call += 1) stack.compute(slow);
    // Every case in each round, so that a busy moment of the machine touches them alike.
    /** @type {number[][]} */
    const times = cases.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [, calls, call]] of cases.entries()) {
        for (let count = 0; count < calls; count += 1) {
          const start = performance.now();
          call();
          times[index]?.push(performance.now() - start);
        }
      }
    }
    for (const [index, [library]] of cases.entries()) {
      const sorted = (times[index] ?? []).sort((a, b) => a - b);
      const runs = sorted.length;
      const [lowest = 0, milliseconds = 0, highest = 0] = [0, runs >> 1, runs - 1].map((at) => sorted[at]);
      rows.push({ library, seconds, runs, milliseconds, lowest, highest });
    }
  }
  extractor.dispose();
  everything.dispose();
  return rows;
}
