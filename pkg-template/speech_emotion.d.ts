// The generated bindings as this package uses them; the generated file itself exists only after a build.
import type { Analysis, Baseline, FeatureName, Features, Segment } from './index.js';

type Channels = Float32Array[];

export class WasmRecognizer {
  constructor(weights?: Uint8Array);
  free(): void;
  analyzer(sampleRate: number, channels: number, samples: number, course: boolean): WasmClip;
  sample(sampleRate: number, channels: number, samples: number): WasmClip;
  stream(sampleRate: number, smoothing: number, hysteresis: number): WasmStream;
  calibrateTo(level: number, speech: number, scale: Float32Array): void;
  clearCalibration(): void;
}

export class WasmClip {
  free(): void;
  push(samples: Channels): Segment[];
  finish(recognizer: WasmRecognizer): Analysis | Baseline;
}

export class WasmStream {
  free(): void;
  push(samples: Channels): { type: string }[];
  flush(): { type: string }[];
}

export function card(): string;
export function decodeWav(bytes: Uint8Array): Float32Array[];
export function wavLayout(head: Uint8Array, size: number): WavLayout;

export interface WavLayout {
  start: number;
  frame: number;
  frames: number;
  channels: number;
  sampleRate: number;
}

export function extractFeatures(
  samples: Channels,
  sampleRate: number,
  names: FeatureName[],
  options: Record<string, unknown>,
): Features;

export function emotions(): string[];
export function features(): string[];

export function initSync(options: { module: WebAssembly.Module }): unknown;
export default function init(options: {
  module_or_path: BufferSource | WebAssembly.Module | Response;
}): Promise<unknown>;
