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

/** What can be analysed: samples, or the bytes of an encoded file. */
export type AudioSource = Samples | Blob | ArrayBuffer;

/** Where the WebAssembly module comes from: an address, or its bytes, or the compiled module. */
export type WasmSource = URL | string | ArrayBuffer | Uint8Array | WebAssembly.Module;

/** Where the package's files are, where they can't be found beside it: with tools that copy no assets. */
export interface Assets {
  /** The WebAssembly module; each thread instantiates it once, and the first successful load decides. */
  wasm?: WasmSource | undefined;
  /** The address of `worker.js`, from the page's own origin. */
  worker?: string | URL | undefined;
  /** The address of `capture-worklet.js`. */
  captureWorklet?: string | URL | undefined;
}

/** How much of the module has come, bytes. The total is not known where the server compresses it. */
export interface LoadProgress {
  loaded: number;
  total: number | undefined;
}

export interface LoadOptions {
  /**
   * The bytes of a weights file, such as the trainer writes, to use in place of the module's own; or a name:
   * `crema-d` is the file beside the module that was trained on CREMA-D alone, whose licence permits more. It tells
   * six emotions apart: `calm` and `surprise` have the probability 0.
   */
  weights?: ArrayBuffer | Uint8Array | 'crema-d' | undefined;

  /**
   * Whether the network runs in a worker of this package, which all recognizers share: true in pages, false in
   * Node and in workers, where it runs in the thread that calls it.
   */
  worker?: boolean | undefined;

  /** Hears of the module's download. Without one, as when another load did it, it hears nothing. */
  onProgress?: ((progress: LoadProgress) => void) | undefined;

  /** Where the package's files are. */
  assets?: Assets | undefined;

  /** Gives the load up: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface AudioOptions {
  /** The rate of the samples in Hz, 8000 to 192000. An AudioBuffer brings its own and needs none. */
  sampleRate?: number | undefined;
}

export interface ClipOptions extends AudioOptions {
  /** For one Float32Array: how many channels lie interleaved in it, 1 to 32; 1 when left out. */
  channels?: number | undefined;
}

export interface AnalyzeOptions extends ClipOptions {
  /** Whether the time course is computed; without it a short clip is answered several times as fast. */
  segments?: boolean | undefined;
  /** Hears how much of the clip is done, 0 to 1, at least once for every 5 s of it. */
  onProgress?: ((share: number) => void) | undefined;
  /** Gives the analysis up: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export type FeatureOptions<Name extends FeatureName = FeatureName> = ExtractOptions<Name>;

/** What a clip with speech in it sounds like. */
export interface EmotionPrediction {
  /** The most probable emotion. */
  label: Emotion;
  /** The probability of each emotion; they add up to 1. */
  probabilities: Record<Emotion, number>;
  /**
   * Whether the label's probability is too low for an answer: below `card.unsure_below`, where on voices that the
   * network was not trained on more answers were wrong than right.
   */
  unsure: boolean;
  /** How much of the clip is speech, 0 to 1. */
  speech: number;
}

/** The answer for a clip without speech: there is no emotion in it. */
export interface NoSpeechPrediction {
  label: null;
  probabilities: null;
  unsure: false;
  /** How much of the clip is speech, 0 to 1. */
  speech: number;
}

export type Prediction = EmotionPrediction | NoSpeechPrediction;

/** What one window sounds like: the last 3 s before `end`, or as much as there was. */
export interface Segment {
  /** Where the window begins, seconds. */
  start: number;
  /** Where it ends, seconds: a multiple of half a second, or the clip's end. */
  end: number;
  /** How much of the window is speech, 0 to 1. */
  speech: number;
  /** The steadied label: it changes when another emotion is clearly ahead. Null without speech. */
  label: Emotion | null;
  /** Whether the label's smoothed probability is too low for an answer. */
  unsure: boolean;
  /** The probabilities of this window alone; they add up to 1. Null without speech. */
  probabilities: Record<Emotion, number> | null;
  /** The same smoothed over the windows since the speech began. */
  smoothed: Record<Emotion, number> | null;
}

/** A clip's overall prediction and its time course. */
export type Analysis = Prediction & { segments: Segment[] };

/** How loud a batch of some 40 ms is, dB of full scale, not below -100. */
export interface Level {
  rms: number;
  peak: number;
}

export interface ListenOptions {
  /** Which microphone, by its id from `enumerateDevices()`; the browser's choice when left out. */
  deviceId?: string | undefined;
  /** A stream to hear in place of a microphone. It is left running at the end. */
  stream?: MediaStream | undefined;
  /** A context to use in place of an own one. It is left open at the end. */
  audioContext?: AudioContext | undefined;
  /** Stops the session, or gives up asking for it. */
  signal?: AbortSignal | undefined;
  /** The time constant of the smoothing, 0 to 60 s; 1 when left out. */
  smoothing?: number | undefined;
  /** How far ahead another emotion has to be before it becomes the label, 0 to 1; 0.1 when left out. */
  hysteresis?: number | undefined;
  /** Some 20 times a second. */
  onLevel?: ((level: Level) => void) | undefined;
  /** Somebody began to speak; `time` in seconds since the session's beginning. */
  onSpeechStart?: ((event: { time: number }) => void) | undefined;
  /** They ended, half a second ago. */
  onSpeechEnd?: ((event: { time: number }) => void) | undefined;
  /** Every half second, with or without speech. */
  onPrediction?: ((segment: Segment) => void) | undefined;
  /** The microphone went away; the session has stopped and released everything. */
  onDeviceLost?: (() => void) | undefined;
  /** Something else ended the session, such as its worker; everything is released. Without it the error is reported. */
  onError?: ((error: Error) => void) | undefined;
}

/** A microphone that is being heard. */
export interface ListenSession {
  readonly state: 'listening' | 'paused' | 'stopped';
  /** The device's own rate, Hz. */
  readonly sampleRate: number;
  /** The microphone's name and its real settings: a browser may keep what it was asked to switch off. */
  readonly device: { label: string; settings: MediaTrackSettings };
  /** What is heard. */
  readonly stream: MediaStream;
  /** Hears nothing until `resume()`, and forgets what it heard. */
  pause(): Promise<void>;
  /** Goes on after `pause()`; time goes on as if there had been no pause. */
  resume(): Promise<void>;
  /** Answers the last words, then releases tracks, nodes, worklet and context. */
  stop(): Promise<void>;
}

/** What a neutral sample told of a speaker and a microphone. */
export interface Baseline {
  /** The sample's level, dB of full scale: what is 25 dB below it is background from now on. */
  level: number;
  /** How much of the sample is speech, 0 to 1. */
  speech: number;
  /** How much the swing of each row of the network's input is changed. It can be kept as JSON; no audio can be made of it. */
  scale: number[];
}

/** A protocol's figures; further ones may be there. */
export interface ProtocolFigures {
  /** Weighted accuracy: the share of clips answered rightly. */
  wa: number;
  /** Unweighted accuracy: the mean of the classes' recalls. */
  ua: number;
  /** Clips scored. */
  n: number;
  [figure: string]: unknown;
}

/** The model card as data; further entries may be there. */
export interface ModelCard {
  classes: Emotion[];
  parameters: number;
  /** The confidence, 0 to 1, below which an answer is unsure. */
  unsure_below: number;
  protocols: Record<string, ProtocolFigures>;
  licences: Record<string, string>;
  intended_use: string[];
  not_for: string[];
  [entry: string]: unknown;
}

/** A matrix of frame features, row by row: `data[band * frames + frame]`. */
export interface FeatureMatrix {
  data: Float32Array;
  shape: [bands: number, frames: number];
}

export type Features<Name extends FeatureName = FeatureName> = Record<Name, FeatureMatrix>;

/** The network with its weights, ready to hear clips and streams. */
export declare class Recognizer {
  private constructor();

  /**
   * Loads the module, if no call did before, and the network's weights: those that are part of it, or others.
   * @throws {SpeechEmotionError} `load-failed`: the module can't be read or instantiated; a later call
   * tries again. `no-simd`: the engine is too old. `worker-failed`: the worker can't be started.
   * `invalid-argument`: options of the wrong type. `weights-format`, `weights-version`,
   * `weights-length`, `weights-checksum`, `weights-shape`: weights that are not this network's.
   */
  static load(options?: LoadOptions): Promise<Recognizer>;

  /** What the weights are, how well they do, and what they are for; null with weights of one's own. */
  readonly card: ModelCard | null;

  /**
   * Recognises the emotion of one clip of 0.25 s to an hour, overall and over time. Long clips are sent to the
   * network piece by piece.
   * @throws {SpeechEmotionError} `empty-audio`, `channel-length`, `non-finite-sample`, `sample-rate`,
   * `too-short`, `too-long`, `decode`, `invalid-argument` or `disposed`.
   */
  analyze(
    audio: AudioBufferLike | Blob | ArrayBuffer,
    options: AnalyzeOptions & { segments: false },
  ): Promise<Prediction>;
  analyze(audio: AudioBufferLike | Blob | ArrayBuffer, options?: AnalyzeOptions): Promise<Analysis>;
  analyze(
    samples: Samples,
    options: AnalyzeOptions & { sampleRate: number; segments: false },
  ): Promise<Prediction>;
  analyze(samples: Samples, options: AnalyzeOptions & { sampleRate: number }): Promise<Analysis>;

  /**
   * Listens to the microphone until the session is stopped. Call it inside a click, so that the browser lets the
   * audio begin.
   * @throws {SpeechEmotionError} `microphone-denied`, `microphone-missing`, `microphone-failed`,
   * `insecure-context`, `worklet-failed`, `no-audio`, `parameter`, `invalid-argument` or `disposed`.
   */
  listen(options?: ListenOptions): Promise<ListenSession>;

  /**
   * Takes a few sentences that the speaker says neutrally as what later analyses and sessions are heard
   * against: their level and the sound of their voice and microphone. What it gives can be kept and passed again in
   * place of audio. Null forgets them.
   * @throws {SpeechEmotionError} What `analyze` refuses, `no-speech` for less than a second of speech, and `parameter`
   * for a baseline that is none.
   */
  calibrate(audio: null): Promise<null>;
  calibrate(baseline: Baseline): Promise<Baseline>;
  calibrate(audio: AudioBufferLike | Blob | ArrayBuffer, options?: ClipOptions): Promise<Baseline>;
  calibrate(samples: Samples, options: ClipOptions & { sampleRate: number }): Promise<Baseline>;

  /**
   * Stops its sessions and frees the network's memory; the worker ends with the last recognizer. Calling it again
   * does nothing; analysing afterwards fails with `disposed`.
   */
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
  | 'decode'
  | 'no-speech'
  | 'invalid-argument'
  | 'disposed'
  | 'load-failed'
  | 'no-simd'
  | 'worker-failed'
  | 'worklet-failed'
  | 'no-audio'
  | 'insecure-context'
  | 'microphone-denied'
  | 'microphone-missing'
  | 'microphone-failed';

/** Everything that this package refuses; the message says what was expected and what came. */
export declare class SpeechEmotionError extends Error {
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown });
  readonly code: ErrorCode;
}
