import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, isTensor, ownOp } from './own-op.js';

const NAME = 'GRUCell';
const GRADIENT = 'GRUCellGrad';

/**
 * `GRUCell`: the next state `[B, H]` of `nn.GRUCell`, from what its products with biases have made of the input and of the state, `input`
 * and `hidden` `[B, 3 H]` in the order r, z, n, and from the `state` `[B, H]`; and for the gradient the gates `[B, 3 H]`.
 */
export const gruCell = ownOp({
  kernelName: NAME,
  inputNames: ['input', 'hidden', 'state'],
  outputs(inputs) {
    const { products, states } = typesOf(NAME, inputs, ['input', 'hidden'], ['state']);
    return [states, products];
  },
  lower({ input, hidden, state }, node) {
    const args = [input, hidden, state, ...node.outputs, ...state.shape];
    return kernelInstruction(node, [{ kernel: 'gruCell', args }]);
  },
  gradient: {
    inputsToSave: ['hidden', 'state'],
    outputsToSave: [false, true],
    gradFunc(dys, [hidden, state, gates]) {
      // All at once, here: tfjs disposes of what the functions below make besides their result.
      const inputs = { gates, hidden, state, dy: [dys].flat()[0] };
      const [dInput, dHidden, dState] = engine().runKernel<Tensor[]>(GRADIENT, inputs);
      return { input: () => dInput, hidden: () => dHidden, state: () => dState };
    },
  },
});

/** The gradients for input, hidden and state, given that of the next state. */
export const gruCellGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['gates', 'hidden', 'state', 'dy'],
  outputs(inputs) {
    const { products, states } = typesOf(GRADIENT, inputs, ['gates', 'hidden'], ['state', 'dy']);
    return [products, products, states];
  },
  lower({ gates, hidden, state, dy }, node) {
    const args = [gates, hidden, state, dy, ...node.outputs, ...state.shape];
    return kernelInstruction(node, [{ kernel: 'gruCellGradient', args }]);
  },
});

/** The types of products and states. */
function typesOf(
  where: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  wide: readonly string[],
  narrow: readonly string[],
): { readonly products: TensorType; readonly states: TensorType } {
  const [B, H] = inputs['state'].shape;
  const fits =
    inputs['state'].shape.length === 2 &&
    wide.every((name) => isTensor(inputs[name], 'float32', [B, 3 * H])) &&
    narrow.every((name) => isTensor(inputs[name], 'float32', [B, H]));
  if (fits) {
    return {
      products: { shape: [B, 3 * H], dtype: 'float32' },
      states: { shape: [B, H], dtype: 'float32' },
    };
  }
  throw new RangeError(
    `${where}: ${narrow.join(' and ')} must be float32 [B, H], ${wide.join(' and ')} float32 [B, 3 H]; ` +
      `got ${describeTensors(inputs)}`,
  );
}
