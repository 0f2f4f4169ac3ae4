// The generated bindings as this package uses them; the generated file itself exists only after a build.
import type { AudioBufferLike, FeatureName, Features, Prediction } from './index.js';

export class WasmRecognizer {
  constructor();
  static withWeights(bytes: Uint8Array): WasmRecognizer;
  free(): void;
  analyze(samples: Float32Array[] | AudioBufferLike, sampleRate: number): Prediction;
}

export function extractFeatures(
  samples: Float32Array[] | AudioBufferLike,
  sampleRate: number,
  names: FeatureName[],
  options: Record<string, unknown>,
): Features;

export function emotions(): string[];
export function features(): string[];

export default function init(options: {
  module_or_path: BufferSource | WebAssembly.Module | Response;
}): Promise<unknown>;
