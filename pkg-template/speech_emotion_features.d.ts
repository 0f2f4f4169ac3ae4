// The generated bindings as this package uses them; the generated file itself exists only after a build.
import type { ComplexMatrix, Pitch } from './features.js';
import type { FeatureMatrix, FeatureName, Features } from './index.js';

type Channels = Float32Array[];
type Options = Record<string, unknown>;

export class WasmExtractor {
  constructor(sampleRate: number, names: FeatureName[], options: Options);
  extract(samples: Channels): Features;
  free(): void;
}

export class WasmFeatureStream {
  constructor(sampleRate: number, names: FeatureName[], options: Options);
  push(samples: Float32Array[]): Features;
  finish(): Features;
  free(): void;
}

export function stft(
  samples: Channels,
  sampleRate: number,
  output: string,
  options: Options,
): FeatureMatrix | ComplexMatrix;
export function yin(samples: Channels, sampleRate: number, options: Options): Omit<Pitch, 'shape'>;
export function trim(samples: Channels, sampleRate: number, options: Options): [number, number];
export function split(samples: Channels, sampleRate: number, options: Options): [number, number][];
export function preemphasis(samples: Channels, sampleRate: number, options: Options): Float32Array;
export function delta(data: Float32Array, bands: number, frames: number, options: Options): FeatureMatrix;
export function powerToDb(power: Float32Array, options: Options): Float32Array;
export function dbToPower(decibels: Float32Array, options: Options): Float32Array;

export function initSync(options: { module: WebAssembly.Module }): unknown;
export default function init(options: {
  module_or_path: BufferSource | WebAssembly.Module | Response;
}): Promise<unknown>;
