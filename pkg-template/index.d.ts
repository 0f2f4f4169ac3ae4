/// <reference lib="esnext.disposable" />

import type { ExtractOptions } from './features.js';

/** The eight emotions, in the order of every list of probabilities. */
export declare const EMOTIONS: readonly [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fear',
  'disgust',
  'surprise',
];

export type Emotion = (typeof EMOTIONS)[number];

/** The features that {@link extractFeatures} computes, by librosa's names. */
export declare const FEATURES: readonly [
  'melspectrogram',
  'log_mel',
  'mfcc',
  'chroma_stft',
  'rms',
  'zero_crossing_rate',
  'spectral_centroid',
  'spectral_bandwidth',
  'spectral_contrast',
  'spectral_rolloff',
  'spectral_flatness',
  'poly_features',
  'tonnetz',
];

export type FeatureName = (typeof FEATURES)[number];

/** One channel of PCM, several of the same length (they are averaged), or what the Web Audio API decodes. */
export type Samples = Float32Array | readonly Float32Array[] | AudioBufferLike;

/** What is read of the Web Audio API's AudioBuffer; Node and workers have none. */
export interface AudioBufferLike {
  readonly numberOfChannels: number;
  readonly sampleRate: number;
  getChannelData(channel: number): Float32Array;
}

/** Where the WebAssembly module comes from: an address, or its bytes, or the compiled module. */
export type WasmSource = URL | string | ArrayBuffer | Uint8Array | WebAssembly.Module;

export interface LoadOptions {
  /**
   * Needed only where the file beside this package can't be found, as with a bundler that copies no assets.
   * The module is instantiated once: the first successful load decides.
   */
  wasm?: WasmSource;

  /** The bytes of a weights file, such as the trainer writes, to use in place of the module's own. */
  weights?: ArrayBuffer | Uint8Array;
}

export interface AudioOptions {
  /** The rate of the samples in Hz, 8000 to 192000. An AudioBuffer brings its own and needs none. */
  sampleRate?: number;
}

export type FeatureOptions<Name extends FeatureName = FeatureName> = ExtractOptions<Name>;

/** What a clip with speech in it sounds like. */
export interface EmotionPrediction {
  /** The most probable emotion. */
  label: Emotion;
  /** The probability of each emotion; they add up to 1. */
  probabilities: Record<Emotion, number>;
  /** How much of the clip is speech, 0 to 1. */
  speech: number;
}

/** The answer for a clip without speech: there is no emotion in it. */
export interface NoSpeechPrediction {
  label: null;
  probabilities: null;
  /** How much of the clip is speech, 0 to 1. */
  speech: number;
}

export type Prediction = EmotionPrediction | NoSpeechPrediction;

/** A matrix of frame features, row by row: `data[band * frames + frame]`. */
export interface FeatureMatrix {
  data: Float32Array;
  shape: [bands: number, frames: number];
}

export type Features<Name extends FeatureName = FeatureName> = Record<Name, FeatureMatrix>;

/** The network with its weights, ready to analyse clips. */
export declare class Recognizer {
  private constructor();

  /**
   * Loads the module, if no call did before, and the network's weights: those that are part of it, or others.
   * @throws {SpeechEmotionError} `load-failed`: the module can't be read or instantiated; a later call
   * tries again. `invalid-argument`: options of the wrong type. `weights-format`, `weights-version`,
   * `weights-length`, `weights-checksum`, `weights-shape`: weights that are not this network's.
   */
  static load(options?: LoadOptions): Promise<Recognizer>;

  /**
   * Recognises the emotion of one clip of 0.25 s to an hour.
   * @throws {SpeechEmotionError} `empty-audio`, `channel-length`, `non-finite-sample`, `sample-rate`,
   * `too-short`, `too-long`, `invalid-argument` or `disposed`.
   */
  analyze(samples: AudioBufferLike, options?: AudioOptions): Promise<Prediction>;
  analyze(samples: Samples, options: AudioOptions & { sampleRate: number }): Promise<Prediction>;

  /** Frees the network's memory. Calling it again does nothing; analysing afterwards fails with `disposed`. */
  dispose(): void;

  /** The same as {@link Recognizer.dispose}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Computes frame features of one clip, averaged to mono, at the clip's own sample rate, with librosa's
 * defaults unless options say otherwise. The same function is in `speech-emotion/features`, a small module of its own.
 * @throws {SpeechEmotionError} `parameter`: an option out of its bounds; `empty-audio`, `channel-length`, `non-finite-sample`, `sample-rate`, `too-long`,
 * `unknown-feature`, `invalid-argument` or `load-failed`.
 */
export declare function extractFeatures<Name extends FeatureName = FeatureName>(
  samples: AudioBufferLike,
  options?: FeatureOptions<Name>,
): Promise<Features<Name>>;
export declare function extractFeatures<Name extends FeatureName = FeatureName>(
  samples: Samples,
  options: FeatureOptions<Name> & { sampleRate: number },
): Promise<Features<Name>>;

/** A stable identifier of what went wrong. */
export type ErrorCode =
  | 'empty-audio'
  | 'channel-length'
  | 'non-finite-sample'
  | 'sample-rate'
  | 'too-short'
  | 'too-long'
  | 'parameter'
  | 'unknown-feature'
  | 'weights-format'
  | 'weights-version'
  | 'weights-length'
  | 'weights-checksum'
  | 'weights-shape'
  | 'invalid-argument'
  | 'disposed'
  | 'load-failed';

/** Everything that this package refuses; the message says what was expected and what came. */
export declare class SpeechEmotionError extends Error {
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown });
  readonly code: ErrorCode;
}
