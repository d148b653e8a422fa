import type { KernelFunctions } from '../kernels/kernel-functions.js';
import { sizeOf } from '../kernels/tensor-type.js';
import type { GraphNode, Value } from './graph.js';

/**
 * An argument of a kernel: a number; the address of a value, or `skip` bytes into it; or an offset in bytes into the
 * instruction's scratch memory.
 */
export type Operand =
  number | Value | { readonly of: Value; readonly skip: number } | { readonly scratch: number };

/** One call of a function of the kernel module. */
export interface KernelStep {
  readonly kernel: keyof KernelFunctions;
  readonly args: readonly Operand[];
}

/** What one node becomes. */
export interface Instruction {
  /** The name of the kernel function that does the work, or of tfjs' kernel when it is called in JavaScript. */
  readonly name: string;
  readonly reads: readonly Value[];
  readonly writes: readonly Value[];
  /** Those read whose memory the output may take, because each number is read before one is written there. */
  readonly overwrites: readonly Value[];
  readonly call: CallOfKernels | CallOfTfjs;
}

/** Functions of the kernel module, one after the other. */
export interface CallOfKernels {
  readonly kind: 'kernels';
  readonly steps: readonly KernelStep[];
  /** How many bytes the steps need for their own use. */
  readonly scratchBytes: number;
  /** Indices that must be from 0 to below a limit, since the kernel doesn't check them. */
  readonly indices?: { readonly value: Value; readonly limit: number; readonly where: string };
}

/** A kernel of tfjs, called through JavaScript on tensors that lie in fixed memory. */
interface CallOfTfjs {
  readonly kind: 'tfjs';
  readonly node: GraphNode;
}

/** The instruction of a node, or nothing where the kernels don't cover its shapes or types. */
export type Lowering = (node: GraphNode) => Instruction | undefined;

/** Settings of {@link kernelInstruction} that most nodes don't need. */
interface Extras extends Pick<CallOfKernels, 'indices'>, Partial<Pick<Instruction, 'overwrites'>> {
  readonly scratchBytes?: number;
  /** Whether the output may take the memory of inputs of its size, where `overwrites` doesn't name them. */
  readonly inPlace?: boolean;
}

/** An instruction that calls kernels; the last step names it. */
export function kernelInstruction(
  { inputs, outputs }: GraphNode,
  steps: readonly KernelStep[],
  { scratchBytes = 0, inPlace = false, indices, overwrites }: Extras = {},
): Instruction {
  const size = sizeOf(outputs[0]);
  const ofItsSize = inPlace ? inputs.filter((value) => sizeOf(value) === size) : [];
  return {
    name: steps.at(-1)?.kernel ?? 'nothing',
    reads: inputs,
    writes: outputs,
    overwrites: overwrites ?? ofItsSize,
    call: { kind: 'kernels', steps, scratchBytes, ...(indices !== undefined && { indices }) },
  };
}

/** Whether all are float32. */
export const allFloat = (values: readonly Value[]): boolean =>
  values.every(({ dtype }) => dtype === 'float32');

/** Every address is a multiple of this, so that a vector never straddles a cache line's end. */
export const ALIGNMENT = 64;

/** The size of the block for a request of `bytes`: whole cache lines, at least one. */
export function paddedBytes(bytes: number): number {
  return Math.max(Math.ceil(bytes / ALIGNMENT), 1) * ALIGNMENT;
}
