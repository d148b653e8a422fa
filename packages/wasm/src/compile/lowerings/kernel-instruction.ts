import { sizeOf, type GraphNode } from '../graph.js';
import type { CallOfKernels, Instruction, KernelStep } from '../instruction.js';

/** The instruction of a node, or nothing where the kernels don't cover its shapes or types. */
export type Lowering = (node: GraphNode) => Instruction | undefined;

/** Settings of {@link kernelInstruction} that most nodes don't need. */
interface Extras extends Pick<CallOfKernels, 'indices'> {
  readonly scratchBytes?: number;
  /** Whether the output may take the memory of inputs of its size. */
  readonly inPlace?: boolean;
}

/** An instruction that calls kernels; the last step names it. */
export function kernelInstruction(
  { inputs, outputs }: GraphNode,
  steps: readonly KernelStep[],
  { scratchBytes = 0, inPlace = false, indices }: Extras = {},
): Instruction {
  const size = sizeOf(outputs[0]);
  return {
    name: steps.at(-1)?.kernel ?? 'nothing',
    reads: inputs,
    writes: outputs,
    overwrites: inPlace ? inputs.filter((value) => sizeOf(value) === size) : [],
    call: { kind: 'kernels', steps, scratchBytes, ...(indices !== undefined && { indices }) },
  };
}
