import { printType, sizeOf, type Value } from '@llm101/wasm/recording';
import { GpuError } from '../gpu-error.js';
import { paddedBytes, type Plan } from '../plan/plan.js';

const megabytes = (bytes: number): string =>
  `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

/** Whether the GPU can bind all that a step makes to a kernel that reads it here and there. */
export const canBindAll = ({ arenaBytes }: Plan, { limits }: GPUDevice): boolean =>
  arenaBytes <= limits.maxStorageBufferBindingSize;

/** @throws GpuError where a buffer or a kernel would be larger than the GPU allows */
export function checkSizes(
  { arenaBytes, graph, dispatches, constants }: Plan,
  { limits }: GPUDevice,
): void {
  const { maxBufferSize, maxComputeWorkgroupsPerDimension: mostGroups } = limits;
  const constantBytes = constants.reduce((sum, value) => sum + paddedBytes(value), 0);
  const bytes = Math.max(arenaBytes, constantBytes);
  if (bytes > maxBufferSize) {
    throw new GpuError(
      `compile: a step may take ${megabytes(maxBufferSize)} on this GPU; this one takes ${megabytes(bytes)}; make batches smaller, or use the device wasm`,
    );
  }
  for (const { outputs } of graph.nodes) for (const value of outputs) checkTensor(value, limits);
  for (const { name, groups } of dispatches) {
    const most = Math.max(...groups); // bounded: three
    if (most <= mostGroups) continue;
    throw new GpuError(
      `compile: a kernel may have ${mostGroups} groups along a dimension on this GPU; ${name} has ${most}; make batches smaller, or use the device wasm`,
    );
  }
}

/** @throws GpuError where a tensor is larger than what the GPU gives to a kernel */
export function checkTensor(
  value: Pick<Value, 'shape' | 'dtype'>,
  limits: GPUSupportedLimits,
): void {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const bytes = sizeOf(value) === 0 ? 0 : paddedBytes(value);
  if (bytes <= most) return;
  throw new GpuError(
    `compile: a tensor may have ${megabytes(most)} on this GPU; ${printType(value)} has ${megabytes(bytes)}; make batches smaller, or use the device wasm`,
  );
}
