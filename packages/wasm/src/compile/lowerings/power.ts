import { sizeOf, type GraphNode } from '../graph.js';
import type { Instruction, KernelStep } from '../instruction.js';
import { allFloat, unary } from './elementwise.js';
import { kernelInstruction } from './kernel-instruction.js';

/** Powers that are roots and squares; 3/2 is what the gradient of a reciprocal root asks for. */
export function power(node: GraphNode): Instruction | undefined {
  const [x, exponent] = node.inputs;
  const [out] = node.outputs;
  const { source } = exponent;
  if (source.kind !== 'constant' || sizeOf(exponent) !== 1 || !allFloat([x, exponent, out])) {
    return undefined;
  }
  const size = sizeOf(out);
  switch (source.values[0]) {
    case 2:
      return unary('squares')({ ...node, inputs: [x] });
    case 0.5:
      return unary('squareRoot')({ ...node, inputs: [x] });
    case 1.5: {
      const root = { scratch: 0 };
      const steps: KernelStep[] = [
        { kernel: 'squareRoot', args: [x, root, size] },
        { kernel: 'multiply', args: [x, 1, root, 1, out, size] },
      ];
      return kernelInstruction({ ...node, inputs: [x] }, steps, {
        scratchBytes: size * 4,
        inPlace: true,
      });
    }
    case -1.5: {
      const root = { scratch: 0 };
      const steps: KernelStep[] = [
        { kernel: 'reciprocalSquareRoot', args: [x, root, size] },
        { kernel: 'multiply', args: [root, 1, root, 1, out, size] },
        { kernel: 'multiply', args: [out, 1, root, 1, out, size] },
      ];
      return kernelInstruction({ ...node, inputs: [x] }, steps, {
        scratchBytes: size * 4,
        inPlace: true,
      });
    }
    default:
      return undefined;
  }
}
