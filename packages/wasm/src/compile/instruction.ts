import type { KernelFunctions } from '../kernels/kernel-functions.js';
import type { GraphNode, Value } from './graph.js';

/**
 * An argument of a kernel: a number; the address of a value, or so many bytes into it; or so many bytes into memory for
 * the instruction's own use.
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
  /** Indices that must be from 0 to below a limit, since the kernel doesn't look. */
  readonly indices?: { readonly value: Value; readonly limit: number; readonly where: string };
}

/** A kernel of tfjs, called through JavaScript on tensors that lie in fixed memory. */
interface CallOfTfjs {
  readonly kind: 'tfjs';
  readonly node: GraphNode;
}
