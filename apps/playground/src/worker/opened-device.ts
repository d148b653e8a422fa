import type { Device } from '@llm101/runs';
import type { Compile } from '@llm101/training';

/** What computes a run's steps and validations. */
export interface OpenDevice {
  readonly device: Device;
  /** Compiles for the GPU, where that is it. */
  readonly gpu?: Compile;
  /** What the GPU is called. */
  readonly adapter?: string;
  /** Gives it back. */
  dispose(): void;
}

/** What needn't be opened. */
export const WASM: OpenDevice = { device: 'wasm', dispose() {} };
