import type { PreparedData, Settings } from '@llm101/runs';
import { type OpenDevice, WASM } from './opened-device.js';

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
