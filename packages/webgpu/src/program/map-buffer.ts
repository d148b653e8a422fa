import { GpuError } from '../gpu-error.js';

const MAP_READ = 1;

/**
 * Waits until what was submitted before is done, and what it has copied to a buffer can be read.
 *
 * @throws GpuError where the GPU refuses, as one that is lost does
 */
export async function mapBuffer(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  try {
    await buffer.mapAsync(MAP_READ, 0, bytes);
  } catch (cause) {
    throw new GpuError('compile: the GPU gives no results; use the device wasm', { cause });
  }
  return buffer.getMappedRange(0, bytes);
}
