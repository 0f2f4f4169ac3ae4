// The generated bindings as this package uses them; the generated file itself exists only after a build.
import type { Analysis, AudioBufferLike, Baseline, FeatureName, Features, Prediction } from './index.js';

type Channels = Float32Array[] | AudioBufferLike;

export class WasmRecognizer {
  constructor();
  static withWeights(bytes: Uint8Array): WasmRecognizer;
  free(): void;
  analyze(samples: Channels, sampleRate: number): Prediction;
  analyzer(sampleRate: number, channels: number, samples: number): WasmAnalyzer;
  stream(sampleRate: number, smoothing: number, hysteresis: number): WasmStream;
  calibrate(samples: Channels, sampleRate: number): Baseline;
  clearCalibration(): void;
}

export class WasmAnalyzer {
  free(): void;
  push(samples: Channels): void;
  finish(recognizer: WasmRecognizer): Analysis;
}

export class WasmStream {
  free(): void;
  push(samples: Channels): { type: string }[];
  flush(): { type: string }[];
}

export function card(): string;
export function decodeWav(bytes: Uint8Array): { channels: Float32Array[]; sampleRate: number };

export function extractFeatures(
  samples: Channels,
  sampleRate: number,
  names: FeatureName[],
  options: Record<string, unknown>,
): Features;

export function emotions(): string[];
export function features(): string[];

export default function init(options: {
  module_or_path: BufferSource | WebAssembly.Module | Response;
}): Promise<unknown>;
