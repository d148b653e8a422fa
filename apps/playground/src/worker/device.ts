import type { Device, PreparedData, Settings } from '@llm101/runs';
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

export const WASM: OpenDevice = { device: 'wasm', dispose() {} };

/**
 * Opens the device that the settings name; where they leave it open, a GPU if the run is worth it and there is one.
 *
 * @param warn - told where there is no GPU that they name, and wasm takes its place. Default: that is an error
 * @throws UserError when they name a GPU and there is none, saying what is missing
 */
export async function openDevice(
  settings: Settings,
  data: PreparedData,
  warn?: (message: string) => void,
): Promise<OpenDevice> {
  if (settings.device === 'wasm') return WASM;
  return (await import('./open-gpu.js')).openGpuDevice(settings, data, warn);
}
