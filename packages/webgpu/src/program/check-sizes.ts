import { printType, sizeOf, type Value } from '@llm101/wasm/recording';
import { GpuError } from '../gpu-error.js';
import { paddedBytes } from '../plan/places.js';
import type { Plan } from '../plan/plan.js';

/** Bytes that a buffer may have on a GPU, so that a kernel can read all of it. */
export const mostBytes = ({
  maxBufferSize,
  maxStorageBufferBindingSize,
}: GPUSupportedLimits): number => Math.min(maxBufferSize, maxStorageBufferBindingSize);

/** Whether what kernels read here and there, which lies in the first arena, is no more than a buffer may have. */
export const canGather = ({ arenas }: Plan, most: number): boolean => arenas[0] <= most;

/** @throws GpuError where a buffer or a kernel would be larger than the GPU allows */
export function checkSizes(
  { arenas, graph, dispatches, constants }: Plan,
  { limits }: GPUDevice,
): void {
  for (const { outputs } of graph.nodes) for (const value of outputs) checkTensor(value, limits);
  const most = mostBytes(limits);
  const constantBytes = constants.reduce((sum, value) => sum + paddedBytes(value), 0);
  const bytes = arenas.reduce((a, b) => Math.max(a, b), constantBytes);
  if (bytes > most) {
    throw new GpuError(
      `compile: a step's arguments, or its constants, may take ${inWords(most)} on this GPU; these take ${inWords(bytes)}; ${REMEDY}`,
    );
  }
  const { maxComputeWorkgroupsPerDimension: mostGroups, maxBufferSize } = limits;
  const resultBytes = graph.results.reduce((sum, value) => sum + paddedBytes(value), 0);
  if (resultBytes > maxBufferSize) {
    throw new GpuError(
      `compile: a step's results may take ${inWords(maxBufferSize)} on this GPU; these take ${inWords(resultBytes)}; ${REMEDY}`,
    );
  }
  for (const { name, groups } of dispatches) {
    const count = Math.max(...groups); // bounded: three
    if (count <= mostGroups) continue;
    throw new GpuError(
      `compile: a kernel may have ${mostGroups} groups along a dimension on this GPU; ${name} has ${count}; ${REMEDY}`,
    );
  }
}

/** @throws GpuError where a tensor is larger than what the GPU gives to a kernel */
export function checkTensor(
  value: Pick<Value, 'shape' | 'dtype'>,
  limits: GPUSupportedLimits,
): void {
  const most = mostBytes(limits);
  const bytes = sizeOf(value) === 0 ? 0 : paddedBytes(value);
  if (bytes <= most) return;
  throw new GpuError(
    `compile: a tensor may have ${inWords(most)} on this GPU; ${printType(value)} has ${inWords(bytes)}; ${REMEDY}`,
  );
}

/** That the GPU has no memory left for a step. */
export function noRoom({ arenas }: Plan): GpuError {
  const bytes = arenas.reduce((sum, each) => sum + each, 0);
  return new GpuError(
    `compile: the GPU has no room for the ${inWords(bytes)} of a step; ${REMEDY}`,
  );
}

const REMEDY = 'make batches smaller, or use the device wasm';

const inWords = (bytes: number): string =>
  bytes < 2 ** 20
    ? `${Math.ceil(bytes / 2 ** 10)} KiB`
    : `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
