import { startBackend } from '@llm101/wasm';
import { useSoftwareGpu } from '@tools/browsers/software-gpu';
import { openGpu, type Gpu } from '../src/index.js';

/** Why there is no GPU here that tests can have; undefined where there is one. */
const whyNone = useSoftwareGpu()
  ? undefined
  : 'tests on a GPU need Chromium and libvulkan1: npm run install-gpu -w @tools/browsers';
if (whyNone !== undefined) process.stderr.write(`${whyNone}\n`);

/** Whether tests have none. */
export const hasNone = whyNone !== undefined;

let opened: Promise<Gpu> | undefined;

/** The GPU of this file's tests. */
export const sharedGpu = (): Promise<Gpu> => (opened ??= startBackend().then(() => openGpu()));

/** The least that every GPU allows. */
const LEAST = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupsPerDimension: 65_535,
};

/**
 * A GPU as if it were a smaller one.
 *
 * @param limits - lower than what every GPU allows
 * @param instead - methods of the device that are called in place of its own
 */
export function smallerGpu(
  gpu: Gpu,
  limits: Readonly<Record<string, number>> = {},
  instead: Partial<GPUDevice> = {},
): Gpu {
  const device = new Proxy(gpu.device, {
    get(target, key) {
      if (key === 'limits') return { ...LEAST, ...limits };
      if (Object.hasOwn(instead, key)) return Reflect.get(instead, key) as unknown;
      const own: unknown = Reflect.get(target, key, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
  return { ...gpu, device, lostBecause: gpu.lostBecause };
}
