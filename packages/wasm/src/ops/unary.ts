import type { GraphNode } from '../graph/graph.js';
import {
  allFloat,
  type Instruction,
  kernelInstruction,
  type KernelStep,
  type Lowering,
} from '../graph/instruction.js';
import type { UnaryName } from '../kernels/kernel-functions.js';
import { sizeOf } from '../kernels/tensor-type.js';

/** An operation on one float32 tensor, value by value. */
export function unary(kernel: UnaryName): Lowering {
  return (node) => {
    const { inputs, outputs } = node;
    if (!allFloat([...inputs, ...outputs])) return undefined;
    const steps = [{ kernel, args: [inputs[0], outputs[0], sizeOf(outputs[0])] }];
    return kernelInstruction(node, steps, { inPlace: true });
  };
}

/** int32 or bool to float32, float32 to int32. */
export function cast(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const kernel = CASTS[`${x.dtype} ${out.dtype}`];
  if (kernel === undefined) return undefined;
  const steps: KernelStep[] = [{ kernel, args: [x, out, sizeOf(out)] }];
  return kernelInstruction(node, steps, { inPlace: x.dtype !== 'bool' });
}

const CASTS: Readonly<Record<string, 'castInt' | 'castBool' | 'castFloat' | undefined>> = {
  'int32 float32': 'castInt',
  'bool float32': 'castBool',
  'float32 int32': 'castFloat',
};

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
