import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, isTensor, ownOp } from './own-op.js';

const NAME = 'LSTMCell';
const GRADIENT = 'LSTMCellGrad';

/**
 * `LSTMCell`: the next hidden state and cell, `[B, H]`, of `nn.LSTMCell`, from the sum x `[B, 4 H]` of its products with biases, in the order
 * i, f, g, o, and from the `cell` `[B, H]`; and for the gradient the gates `[B, 4 H]`. The first two have gradients.
 */
export const lstmCell = ownOp({
  kernelName: NAME,
  inputNames: ['x', 'cell'],
  outputs(inputs) {
    const { wide, narrow } = typesOf(NAME, inputs, ['x'], ['cell']);
    return [narrow, narrow, wide];
  },
  lower({ x, cell }, node) {
    const args = [x, cell, ...node.outputs, ...cell.shape];
    return kernelInstruction(node, [{ kernel: 'lstmCell', args }]);
  },
  gradient: {
    inputsToSave: ['cell'],
    outputsToSave: [false, true, true],
    gradFunc(dys, [cell, next, gates]) {
      const [dHidden, dNext] = [dys].flat();
      // Both at once, here: tfjs disposes of what the functions below make besides their result.
      const inputs = { gates, cell, next, dHidden, dNext };
      const [dx, dCell] = engine().runKernel<Tensor[]>(GRADIENT, inputs);
      return { x: () => dx, cell: () => dCell };
    },
  },
});

/** The gradients for x and the cell, given those of hidden state and next cell. */
export const lstmCellGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['gates', 'cell', 'next', 'dHidden', 'dNext'],
  outputs(inputs) {
    const states = ['cell', 'next', 'dHidden', 'dNext'];
    const { wide, narrow } = typesOf(GRADIENT, inputs, ['gates'], states);
    return [wide, narrow];
  },
  lower({ gates, cell, next, dHidden, dNext }, node) {
    const args = [gates, cell, next, dHidden, dNext, ...node.outputs, ...cell.shape];
    return kernelInstruction(node, [{ kernel: 'lstmCellGradient', args }]);
  },
});

/** The types of what is four states wide, and of states. */
function typesOf(
  where: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  sums: readonly string[],
  states: readonly string[],
): { readonly wide: TensorType; readonly narrow: TensorType } {
  const { shape } = inputs['cell'];
  const [B, H] = shape;
  const fits =
    shape.length === 2 &&
    sums.every((name) => isTensor(inputs[name], 'float32', [B, 4 * H])) &&
    states.every((name) => isTensor(inputs[name], 'float32', [B, H]));
  if (fits) {
    return {
      wide: { shape: [B, 4 * H], dtype: 'float32' },
      narrow: { shape: [B, H], dtype: 'float32' },
    };
  }
  throw new RangeError(
    `${where}: ${states.join(', ')} must be float32 [B, H], ${sums.join(', ')} float32 [B, 4 H]; got ${describeTensors(inputs)}`,
  );
}
