import { type Device, reasonForWasm, type Settings, UserError } from '@llm101/runs';
import type { PreparedData } from '@llm101/runs';
import type { Compile } from '@llm101/training';
import type { Gpu } from '@llm101/webgpu';
import { findGpus } from './webgpu-package.js';

/** What computes a run's steps and validations. */
export interface OpenDevice {
  readonly device: Device;
  /** Compiles for the GPU, where that is it. */
  readonly gpu: Compile | undefined;
  /** Lines that say which it is, where the settings name another than wasm. */
  readonly lines: readonly string[];
  /** Gives the GPU back. */
  dispose(): void;
}

/**
 * Opens the device that the settings name, before anything else is done.
 *
 * @param remedy - what the error of a missing GPU ends with
 * @returns nothing where they leave it open
 * @throws UserError when it is a GPU and there is none, saying what is missing
 */
export async function openNamed(
  { device }: Pick<Settings, 'device'>,
  remedy = '; --device wasm does without',
): Promise<OpenDevice | undefined> {
  if (device === 'auto') return undefined;
  if (device === 'wasm') return wasm([]);
  try {
    return await onGpu(await open());
  } catch (cause) {
    throw new UserError(`device webgpu: ${whyOf(cause)}${remedy}`, { keys: ['device'], cause });
  }
}

/** Opens a GPU for a run that leaves its device open, if it is worth one and there is one. */
export async function chooseDevice(settings: Settings, data: PreparedData): Promise<OpenDevice> {
  const reason = reasonForWasm(settings, data);
  if (reason !== undefined) return wasm([`device wasm, for ${reason}`]);
  try {
    const gpu = await open();
    if (!gpu.isSoftware) return await onGpu(gpu);
    gpu.dispose();
    return wasm([`device wasm, as ${gpu.description} computes on the processor`]);
  } catch (error) {
    return wasm([`device wasm: ${whyOf(error)}`]);
  }
}

const wasm = (lines: readonly string[]): OpenDevice => ({
  device: 'wasm',
  gpu: undefined,
  lines,
  dispose() {},
});

async function onGpu(gpu: Gpu): Promise<OpenDevice> {
  const { compilerFor } = await import('@llm101/webgpu');
  return {
    device: 'webgpu',
    gpu: compilerFor(gpu),
    lines: [`device webgpu: ${gpu.description}`],
    dispose: () => gpu.dispose(),
  };
}

async function open(): Promise<Gpu> {
  const { openGpu } = await import('@llm101/webgpu');
  return openGpu({ gpu: await findGpus() });
}

/** Why there is no GPU: what is wrong, without what a program could do. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}
