/// <reference lib="esnext.disposable" />

import type { AudioBufferLike, FeatureMatrix, FeatureName, Features, Samples, WasmSource } from './index.js';

export {
  FEATURES,
  SpeechEmotionError,
  type AudioBufferLike,
  type ErrorCode,
  type FeatureMatrix,
  type FeatureName,
  type Features,
  type Samples,
  type WasmSource,
} from './index.js';

/** An analysis window, periodic, by scipy's name. */
export type Window = 'hann' | 'hamming' | 'blackman' | 'boxcar';

/** What is around a clip of centred frames, by numpy's name. */
export type PadMode = 'constant' | 'edge' | 'linear_ramp' | 'reflect' | 'symmetric';

export interface RateOptions {
  /** The rate of the samples in Hz, 8000 to 192000. An AudioBuffer brings its own and needs none. */
  sampleRate?: number;
}

/** How a clip is cut into frames. */
export interface FramingOptions extends RateOptions {
  /** Samples in a frame, 32 to 32768, powers of two being the fastest; 2048. */
  nFft?: number;
  /** Samples from a frame to the next, 1 to `nFft`; 512, and for `stft` a quarter of `nFft`. */
  hopLength?: number;
  /**
   * Whether frame `t` is centred on sample `t * hopLength`, with something around the clip (for the zero crossings the
   * outermost samples, repeated), or begins there, which takes a clip of at least `nFft` samples; `true`.
   */
  center?: boolean;
}

/** How a clip is cut into frames, and what is around it. */
export interface PaddedOptions extends FramingOptions {
  /** What is around the clip; silence, `'constant'`. */
  padMode?: PadMode;
}

/** How a clip is cut into frames, what is around it, and the window over them. */
export interface CutOptions extends PaddedOptions {
  /** Samples of the window, in the middle of the frame with zeros around it, 1 to `nFft`; null, all of `nFft`. */
  winLength?: number | null;
  /** `'hann'` */
  window?: Window;
}

export interface MelOptions extends CutOptions {
  /** The exponent of the magnitude, above 0 and up to 2: 1 for magnitude, 2 for power; 2. */
  power?: number;
  /** Bands, 1 to 512, no more than a spectrum has bins, `nFft / 2 + 1`; 128. */
  nMels?: number;
  /** Where the lowest band begins, Hz; 0. */
  fmin?: number;
  /** Where the highest band ends, Hz, at most half the sample rate, which null stands for; null. */
  fmax?: number | null;
  /** Whether mels are HTK's or Slaney's; `false`. */
  htk?: boolean;
  /**
   * What bands have in common: their area, the greatest, the sum or the vector's length of their weights, or with null
   * their height of 1; `'slaney'`, their area.
   */
  melNorm?: 'slaney' | 'max' | 'sum' | 'length' | null;
}

export interface LogMelOptions extends MelOptions {
  /** How far below the clip's maximum bands are cut off, dB, at least 0; null leaves them whole. 80. */
  topDb?: number | null;
}

export interface MfccOptions extends LogMelOptions {
  /** Coefficients, 1 to `nMels`; 20. */
  nMfcc?: number;
  /** The type of the cosine transform, 1 (of two bands or more), 2 or 3; 2. */
  dctType?: number;
  /** Whether that is orthonormal; `'ortho'`. */
  dctNorm?: 'ortho' | null;
  /** Liftering, at least 0; 0, none. */
  lifter?: number;
}

export interface TonnetzOptions extends CutOptions {
  /** Deviation of A from 440 Hz, in classes, -0.5 to 0.5; null estimates it from the clip. null. */
  tuning?: number | null;
  /** Pitch classes of an octave, 1 to 120; 12. */
  nChroma?: number;
  /** The octave, counted from the A of 27.5 Hz, about which chroma weighs most; 5. */
  ctroct?: number;
  /** The width of that weighting, octaves, above 0; null weighs all alike. 2. */
  octwidth?: number | null;
  /** Whether C is the first class, or A; `true`. */
  baseC?: boolean;
}

export interface ChromaOptions extends TonnetzOptions {
  /** What chroma is relative to: the strongest class, their sum, their vector's length, or nothing; `'max'`. */
  chromaNorm?: 'max' | 'sum' | 'length' | null;
}

export interface ZeroCrossingOptions extends FramingOptions {
  /** Samples down to this count as zero, at least 0; 1e-10. */
  threshold?: number;
  /** Whether a zero counts as positive, or as a sign of its own; `true`. */
  zeroPos?: boolean;
}

export interface BandwidthOptions extends CutOptions {
  /** The power to which deviations from the centroid are raised, 0.1 to 10; 2. */
  p?: number;
  /** Whether magnitudes are weights that add up to 1, or count as they are; `true`. */
  bandwidthNorm?: boolean;
}

export interface ContrastOptions extends CutOptions {
  /** Octaves above the first band, 1 to 16; 6. Those beyond half the sample rate are 0. */
  nBands?: number;
  /** Where the first band ends, Hz; 200. */
  contrastFmin?: number;
  /** The share of a band's bins that is its peak, and its valley, above 0 and below 1; 0.02. */
  quantile?: number;
  /** The difference of the magnitudes themselves, or in dB; `false`. */
  linear?: boolean;
}

export interface RolloffOptions extends CutOptions {
  /** The share of the magnitude below the rolloff, above 0 and below 1; 0.85. */
  rollPercent?: number;
}

export interface FlatnessOptions extends CutOptions {
  /** The least power that counts, 1e-30 to 1; 1e-10. */
  flatnessAmin?: number;
  /** The exponent of the magnitude, above 0 and up to 2; 2. */
  flatnessPower?: number;
}

/** The options of every feature of frames. */
export interface FrameOptions
  extends
    MfccOptions,
    ChromaOptions,
    ZeroCrossingOptions,
    BandwidthOptions,
    ContrastOptions,
    RolloffOptions,
    FlatnessOptions {}

export interface ExtractOptions<Name extends FeatureName = FeatureName> extends FrameOptions {
  /** Which features; every one of them when left out. */
  features?: readonly Name[];
}

export interface StftOptions extends CutOptions {
  /** `'complex'` */
  output?: 'complex' | 'magnitude' | 'power';
}

export interface YinOptions extends RateOptions {
  /** The lowest frequency to be found, Hz, above `sampleRate / (frameLength - 1)`; 65.406, C2. */
  fmin?: number;
  /** The highest frequency to be found, Hz, above `fmin` and at most half the sample rate; 2093.005, C7. */
  fmax?: number;
  /** Samples of a frame, 4 to 32768; 2048. */
  frameLength?: number;
  /** Samples from a frame to the next, at least 1; a quarter of `frameLength`. */
  hopLength?: number;
  /** The first trough of the difference that is lower is taken for the period, above 0; 0.1. */
  troughThreshold?: number;
  /** Whether frame `t` is centred on sample `t * hopLength` or begins there; `true`. */
  center?: boolean;
  /** What is around the clip; silence, `'constant'`. */
  padMode?: PadMode;
}

export interface SilenceOptions extends RateOptions {
  /** Frames at least this much below the reference are silent, dB; 60. */
  topDb?: number;
  /** The reference: the RMS of the loudest frame or a fixed one; `'max'`. */
  ref?: number | 'max';
  /** Samples of a frame, 1 to 32768; 2048. */
  frameLength?: number;
  /** Samples from a frame to the next, at least 1; 512. */
  hopLength?: number;
}

export interface PreemphasisOptions extends RateOptions {
  /** The share of a sample that is taken off the next; 0.97. */
  coef?: number;
  /** What is added to the first sample; null continues the line through the first two, as librosa does. null. */
  zi?: number | null;
}

export interface DeltaOptions {
  /** Frames that a slope is fitted to, odd, at least 3 and, unless `mode` says otherwise, no more than there are; 9. */
  width?: number;
  /** The derivative, 1 or 2; 1. */
  order?: number;
  /** What is beside the outermost frames: their own fits go on, or by scipy's names; `'interp'`. */
  mode?: 'interp' | 'nearest' | 'mirror' | 'constant' | 'wrap';
}

export interface DecibelOptions {
  /** The power that is 0 dB, or the greatest of all; 1. */
  ref?: number | 'max';
  /** Powers below this count as this, above 0; 1e-10. */
  amin?: number;
  /** How far below the loudest of all they are cut off, dB; null leaves them whole. 80. */
  topDb?: number | null;
}

/** `data[(bin * frames + frame) * 2]` is the real part, the value after it the imaginary one. */
export interface ComplexMatrix {
  data: Float32Array;
  shape: [bins: number, frames: number, parts: 2];
}

/** Samples, mono. */
export interface Signal {
  data: Float32Array;
  shape: [samples: number];
}

/** The fundamental frequency over time. */
export interface Pitch {
  /** Hz; every frame has one, voiced or not. */
  f0: Float32Array;
  /** How far each frame can be believed to be voiced, 0 to 1. */
  voicedProb: Float32Array;
  /** Of either. */
  shape: [frames: number];
}

export interface LoadOptions {
  /** Needed only where the file beside this package can't be found. The first successful load decides. */
  wasm?: WasmSource;
}

/** Computes a feature of one clip. The sample rate is needed unless an AudioBuffer brings it. */
export interface FeatureFunction<Options extends RateOptions> {
  (samples: AudioBufferLike, options?: Options): Promise<FeatureMatrix>;
  (samples: Samples, options: Options & { sampleRate: number }): Promise<FeatureMatrix>;
}

/** Computes a feature of one clip that does not depend on the sample rate. */
export type RatelessFunction<Options extends RateOptions> = (
  samples: Samples,
  options?: Options,
) => Promise<FeatureMatrix>;

/**
 * Reads and instantiates the module, which every function does by itself if nothing did before.
 * @throws {SpeechEmotionError} `load-failed` or `invalid-argument`.
 */
export declare function load(options?: LoadOptions): Promise<void>;

/**
 * Computes features of one clip, averaged to mono, in one pass that shares the spectra.
 * @throws {SpeechEmotionError} `parameter`: an option out of its bounds; `empty-audio`, `channel-length`,
 * `non-finite-sample`, `sample-rate`, `too-long`, `unknown-feature`, `invalid-argument` or `load-failed`. So do all
 * functions here.
 */
export declare function extractFeatures<Name extends FeatureName = FeatureName>(
  samples: AudioBufferLike,
  options?: ExtractOptions<Name>,
): Promise<Features<Name>>;
export declare function extractFeatures<Name extends FeatureName = FeatureName>(
  samples: Samples,
  options: ExtractOptions<Name> & { sampleRate: number },
): Promise<Features<Name>>;

/** `librosa.feature.melspectrogram`: power in mel bands, `[nMels, frames]`. */
export declare const melspectrogram: FeatureFunction<MelOptions>;
/** `librosa.power_to_db` of it: the same in dB, `[nMels, frames]`. */
export declare const logMel: FeatureFunction<LogMelOptions>;
/** `librosa.feature.mfcc`: cepstral coefficients, `[nMfcc, frames]`. */
export declare const mfcc: FeatureFunction<MfccOptions>;
/** `librosa.feature.chroma_stft`: power in the pitch classes, C first, `[nChroma, frames]`. */
export declare const chromaStft: FeatureFunction<ChromaOptions>;
/** `librosa.feature.rms`: root mean square, `[1, frames]`. */
export declare const rms: RatelessFunction<PaddedOptions>;
/** `librosa.feature.zero_crossing_rate`: sign changes a sample, `[1, frames]`. */
export declare const zeroCrossingRate: RatelessFunction<ZeroCrossingOptions>;
/** `librosa.feature.spectral_centroid`, Hz, `[1, frames]`. */
export declare const spectralCentroid: FeatureFunction<CutOptions>;
/** `librosa.feature.spectral_bandwidth`, Hz, `[1, frames]`. */
export declare const spectralBandwidth: FeatureFunction<BandwidthOptions>;
/** `librosa.feature.spectral_contrast`: peaks over valleys in octaves, dB, `[nBands + 1, frames]`. */
export declare const spectralContrast: FeatureFunction<ContrastOptions>;
/** `librosa.feature.spectral_rolloff`, Hz, `[1, frames]`. */
export declare const spectralRolloff: FeatureFunction<RolloffOptions>;
/** `librosa.feature.spectral_flatness`: 1 for white noise, near 0 for tones, `[1, frames]`. */
export declare const spectralFlatness: RatelessFunction<FlatnessOptions>;
/** `librosa.feature.poly_features` of order 1: slope a Hz and intercept of the magnitude, `[2, frames]`. */
export declare const polyFeatures: FeatureFunction<CutOptions>;
/** `librosa.feature.tonnetz`, of `chroma_stft` where librosa takes its constant-Q chroma, `[6, frames]`. */
export declare const tonnetz: FeatureFunction<TonnetzOptions>;

/** `librosa.stft`, complex, or its magnitude or power, `[nFft / 2 + 1, frames]`. */
export declare function stft(
  samples: Samples,
  options: StftOptions & { output: 'magnitude' | 'power' },
): Promise<FeatureMatrix>;
export declare function stft(
  samples: Samples,
  options?: StftOptions & { output?: 'complex' },
): Promise<ComplexMatrix>;

/** `librosa.yin`, and how far each frame is voiced. Of a whole clip: a `FeatureStream` has no pitch. */
export declare function yin(samples: AudioBufferLike, options?: YinOptions): Promise<Pitch>;
export declare function yin(samples: Samples, options: YinOptions & { sampleRate: number }): Promise<Pitch>;

/** The interval that `librosa.effects.trim` keeps, samples; `[0, 0]` if all of the clip is silent. */
export declare function trim(
  samples: Samples,
  options?: SilenceOptions,
): Promise<[start: number, end: number]>;

/** The intervals that are not silent, in order, samples: `librosa.effects.split`. */
export declare function split(
  samples: Samples,
  options?: SilenceOptions,
): Promise<[start: number, end: number][]>;

/** `librosa.effects.preemphasis`: `y[n] = x[n] - coef * x[n - 1]`. */
export declare function preemphasis(samples: Samples, options?: PreemphasisOptions): Promise<Signal>;

/** `librosa.feature.delta`: the derivative of each band over time, in the same shape. */
export declare function delta(matrix: FeatureMatrix, options?: DeltaOptions): Promise<FeatureMatrix>;

/** `librosa.power_to_db`: decibels of powers, in the form that they come in. */
export declare function powerToDb<Values extends FeatureMatrix | Float32Array>(
  power: Values,
  options?: DecibelOptions,
): Promise<Values>;

/** `librosa.db_to_power`: powers of decibels, in the form that they come in. */
export declare function dbToPower<Values extends FeatureMatrix | Float32Array>(
  decibels: Values,
  options?: { ref?: number },
): Promise<Values>;

/**
 * One set of features of any number of clips of one rate: window, transform and filter banks are built once, and a
 * call is synchronous.
 */
export declare class Extractor<Name extends FeatureName = FeatureName> {
  private constructor();
  static load<Name extends FeatureName = FeatureName>(
    options: ExtractOptions<Name> & { sampleRate: number },
  ): Promise<Extractor<Name>>;
  extract(samples: Samples): Features<Name>;
  /** Frees its memory. Calling it again does nothing; extracting afterwards fails with `disposed`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Features of a clip that comes in pieces of any size: bit for bit the frames of the whole clip, each as soon as its
 * last sample is there. What needs the whole clip is refused with `parameter`: `log_mel` and `mfcc` unless `topDb` is
 * null, `chroma_stft` and `tonnetz` without a `tuning`, and `spectral_contrast` unless it is `linear`.
 */
export declare class FeatureStream<Name extends FeatureName = FeatureName> {
  private constructor();
  static load<Name extends FeatureName = FeatureName>(
    options: ExtractOptions<Name> & { sampleRate: number },
  ): Promise<FeatureStream<Name>>;
  /** Takes the next samples and gives the frames that they complete, 0 or more. */
  push(samples: Float32Array | readonly Float32Array[]): Features<Name>;
  /** Ends the clip, gives its last frames, which reach past its end into silence, and frees the stream. */
  finish(): Features<Name>;
  /** Frees its memory. Calling it again does nothing; using it afterwards fails with `disposed`. */
  dispose(): void;
  [Symbol.dispose](): void;
}
