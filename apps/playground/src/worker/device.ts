import {
  type Device,
  type PreparedData,
  reasonForWasm,
  type Settings,
  UserError,
} from '@llm101/runs';
import { type Compile, describeError } from '@llm101/training';
import type { GpuError } from '@llm101/webgpu';

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

const WASM: OpenDevice = { device: 'wasm', dispose() {} };

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
  const { device } = settings;
  if (device === 'wasm') return WASM;
  if (device === 'auto' && reasonForWasm(settings, data) !== undefined) return WASM;
  try {
    const { compilerFor, openGpu } = await import('@llm101/webgpu');
    const gpu = await openGpu();
    const { description: adapter, isSoftware } = gpu;
    if (device === 'auto' && isSoftware) {
      gpu.dispose();
      return WASM;
    }
    return { device: 'webgpu', gpu: compilerFor(gpu), adapter, dispose: () => gpu.dispose() };
  } catch (cause) {
    if (device === 'auto') return WASM;
    const { reason: why = describeError(cause) } = Object(cause) as Partial<GpuError>;
    if (warn !== undefined) {
      warn(`the run had a GPU: ${why}; it goes on on wasm, and digits differ from the sixth on`);
      return WASM;
    }
    throw new UserError(`device webgpu: ${why}; use the device wasm`, { keys: ['device'], cause });
  }
}
