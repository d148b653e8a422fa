import { type PreparedData, reasonForWasm, type Settings, UserError } from '@llm101/runs';
import { describeError } from '@llm101/training';
import type { GpuError } from '@llm101/webgpu';
import { type OpenDevice, WASM } from './opened-device.js';

/** As `openDevice`, for settings that name a GPU or leave the device open. */
export async function openGpuDevice(
  settings: Settings,
  data: PreparedData,
  warn?: (message: string) => void,
): Promise<OpenDevice> {
  const { device } = settings;
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
