import { GpuError } from './gpu-error.js';

/** A GPU that steps are compiled for. */
export interface Gpu {
  /** Adapter and driver in words. */
  readonly description: string;
  /** Whether it is a driver that computes on the processor, which is slower than wasm. */
  readonly isSoftware: boolean;
  /** What kernels are made and run by. */
  readonly device: GPUDevice;
  /** Resolves with why once the device is lost; stays pending otherwise. */
  readonly lost: Promise<string>;
  /** Why it is lost, once it is. */
  readonly lostBecause: string | undefined;
  /** Gives the device back. */
  dispose(): void;
}

/** Options of {@link openGpu}. */
export interface OpenGpuOptions {
  /** Where adapters come from. Default: `navigator.gpu`, and in Node the package `webgpu`. */
  readonly gpu?: GPU;
  /** Limits to ask for, which the adapter must have; for tests of small ones. Default: all memory that the adapter allows. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Storage buffers that a kernel may have; the least that WebGPU promises is 8. */
const MOST_BINDINGS = 10;

/**
 * Opens the GPU that the system prefers.
 *
 * @throws GpuError where there is none, where the browser has no WebGPU, and where Node lacks the package `webgpu`
 */
export async function openGpu(options: OpenGpuOptions = {}): Promise<Gpu> {
  const gpu = options.gpu ?? (await findGpu());
  const adapter = await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch((cause: unknown) => {
      throw noGpu(`the system must say which GPUs there are; it says ${messageOf(cause)}`, {
        cause,
      });
    });
  if (adapter === null) {
    throw noGpu(
      'there must be a GPU with a driver for WebGPU (Vulkan, Metal or Direct3D 12); none was found',
    );
  }
  const { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } =
    adapter.limits;
  const requiredLimits = options.limits ?? {
    maxBufferSize,
    maxStorageBufferBindingSize,
    maxStorageBuffersPerShaderStage: Math.min(maxStorageBuffersPerShaderStage, MOST_BINDINGS),
  };
  const device = await adapter.requestDevice({ requiredLimits }).catch((cause: unknown) => {
    throw noGpu(`${describe(adapter.info)} must give a device; it says ${messageOf(cause)}`, {
      cause,
    });
  });
  let lostBecause: string | undefined;
  // After an error that nothing waits for, what comes isn't what it should be.
  device.addEventListener('uncapturederror', ({ error }) => {
    lostBecause ??= describeError(error);
    setTimeout(() => device.destroy()); // not at once: Dawn still holds its lock
  });
  const lost = device.lost.then(({ reason, message }) => (lostBecause ??= message || reason));
  const description = describe(adapter.info);
  return {
    description,
    isSoftware: adapter.info.isFallbackAdapter || SOFTWARE.test(description),
    device,
    lost,
    get lostBecause() {
      return lostBecause;
    },
    dispose: () => device.destroy(),
  };
}

/** Drivers that compute on the processor, where they don't say so. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

function noGpu(
  reason: string,
  { remedy = 'use the device wasm', ...options }: ErrorOptions & { readonly remedy?: string } = {},
): GpuError {
  return new GpuError(`openGpu: ${reason}; ${remedy}`, { reason, ...options });
}

/** An error of a device in words. Where there is no memory left, WebGPU makes buffers that can't be used. */
function describeError(error: GPUError): string {
  const [message] = error.message.split('\n');
  const isOfMemory = error.constructor.name === 'GPUOutOfMemoryError';
  return isOfMemory ? `its memory is used up (${message}); make batches smaller` : message;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0] : String(error);

/** What an adapter says of itself, each word once. */
function describe({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const parts = [description, device, architecture, vendor].filter((part) => part !== '');
  const [most = 'a GPU without a name', ...others] = parts;
  const more = others.filter((part) => !most.toLowerCase().includes(part.toLowerCase()));
  return [most, ...more].join(', ');
}

/** Kept, as the native part is freed with it. */
let native: GPU | undefined;

async function findGpu(): Promise<GPU> {
  const { navigator: browser, process: node } = globalThis as {
    readonly navigator?: { readonly gpu?: GPU };
    readonly process?: { readonly versions?: { readonly node?: string } };
  };
  if (browser?.gpu !== undefined) return browser.gpu;
  if (node?.versions?.node !== undefined) return (native ??= await fromPackage());
  throw noGpu(
    'the browser must have WebGPU; this one has none, or not on this page, which must be served by https or from localhost',
  );
}

const PACKAGE = 'webgpu';

async function fromPackage(): Promise<GPU> {
  let found: { create(flags: string[]): GPU; globals: object };
  try {
    found = (await import(/* @vite-ignore */ PACKAGE)) as typeof found;
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === NOT_FOUND;
    throw noGpu(
      isMissing
        ? "Node needs the package webgpu for a GPU, which isn't installed here"
        : `the package webgpu can't be loaded: ${messageOf(cause)}`,
      { remedy: 'npm install webgpu', cause },
    );
  }
  return found.create([]);
}

const NOT_FOUND = 'ERR_MODULE_NOT_FOUND';
