import { sizeOf, type GraphNode } from './graph.js';
import type { Instruction } from './instruction.js';
import { lowerings } from './lowerings/index.js';

/**
 * The instruction of a node: a kernel of this package where there is one for it, else tfjs' own through JavaScript. So
 * are empty tensors, which no kernel here expects.
 */
export function lower(node: GraphNode): Instruction {
  const { kernel, inputs, outputs } = node;
  const isEmpty = [...inputs, ...outputs].some((value) => sizeOf(value) === 0);
  const lowering = isEmpty ? undefined : lowerings[kernel];
  return (
    lowering?.(node) ?? {
      name: kernel,
      reads: inputs,
      writes: outputs,
      overwrites: inputs, // tfjs computes into memory of its own, which is copied to the place planned
      call: { kind: 'tfjs', node },
    }
  );
}
