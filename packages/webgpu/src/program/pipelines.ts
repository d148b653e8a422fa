import { GpuError } from '../gpu-error.js';
import type { Dispatch } from '../wgsl/dispatch.js';

/** A compiled kernel, and how its operands are bound. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Kernels that are kept: some hundreds of steps' worth. */
const MOST = 1024;

/** The kernels of one GPU, each compiled once while it is among those that were asked for last. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #known = new Map<string, Promise<CompiledKernel>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @throws GpuError when the GPU can't run it, naming the kernel and saying why */
  get(dispatch: Dispatch): Promise<CompiledKernel> {
    const { code } = dispatch;
    const found = this.#known.get(code) ?? this.#make(dispatch);
    this.#known.delete(code); // so that it is the last
    this.#known.set(code, found);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST) this.#known.delete(oldest);
    return found;
  }

  async #make({ name, code, operands }: Dispatch): Promise<CompiledKernel> {
    const device = this.#device;
    const { maxStorageBuffersPerShaderStage: most } = device.limits;
    if (operands.length > most) {
      throw new GpuError(
        `compile: ${name} binds ${operands.length} buffers; this GPU allows ${most} a kernel; use the device wasm`,
      );
    }
    const layout = this.#layoutOf(operands.map(({ kind }) => kind === 'table'));
    device.pushErrorScope('validation'); // the pipeline's error is the one that is told
    const module = device.createShaderModule({ label: name, code });
    device.popErrorScope().catch(() => {});
    try {
      const pipeline = await device.createComputePipelineAsync({
        label: name,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      });
      return { pipeline, layout };
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const told = messages.find(({ type }) => type === 'error');
      const why = told?.message ?? (cause instanceof Error ? cause.message : String(cause));
      const line = told === undefined ? '' : `: ${code.split('\n')[told.lineNum - 1]?.trim()}`;
      throw new GpuError(`compile: the GPU can't run ${name}: ${why.split('\n')[0]}${line}`, {
        cause,
      });
    }
  }

  #layoutOf(areTables: readonly boolean[]): GPUBindGroupLayout {
    const key = areTables.join();
    const known = this.#layouts.get(key);
    if (known !== undefined) return known;
    const layout = this.#device.createBindGroupLayout({
      entries: areTables.map((isTable, binding) => ({
        binding,
        visibility: COMPUTE,
        buffer: { type: isTable ? 'read-only-storage' : 'storage' },
      })),
    });
    this.#layouts.set(key, layout);
    return layout;
  }
}

const COMPUTE = 0x4;
