import { engine, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf, type TensorType } from '../kernels/tensor-type.js';
import { checkAlike, describeValue, ownOp } from './own-op.js';

const GRADIENT = 'GeluGrad';

/** `Gelu`: x Φ(x), Φ by erf or, `approximate: 'tanh'`, by tanh. `F.gelu(x, approximate=…)`. */
export const gelu = ownOp({
  kernelName: 'Gelu',
  inputNames: ['x'],
  outputs({ x }, attrs) {
    return outputsOf('Gelu', { x }, attrs);
  },
  lower({ x }, node) {
    const [out] = node.outputs;
    const kernel = node.attrs['approximate'] === 'tanh' ? 'geluByTanh' : 'gelu';
    return kernelInstruction(node, [{ kernel, args: [x, out, sizeOf(out)] }], { inPlace: true });
  },
  gradient: {
    inputsToSave: ['x'],
    gradFunc(dy, [x], attrs) {
      const inputs = { x, dy: [dy].flat()[0] };
      return { x: (): Tensor => engine().runKernel(GRADIENT, inputs, attrs) as Tensor };
    },
  },
});

/** The gradient for x, given that of y. */
export const geluGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['x', 'dy'],
  outputs({ x, dy }, attrs) {
    return outputsOf(GRADIENT, { x, dy }, attrs);
  },
  lower({ x, dy }, node) {
    const [out] = node.outputs;
    const kernel = node.attrs['approximate'] === 'tanh' ? 'geluByTanhGradient' : 'geluGradient';
    const args = [x, dy, out, sizeOf(out)];
    return kernelInstruction(node, [{ kernel, args }], { inPlace: true });
  },
});

function outputsOf(
  where: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  { approximate }: NamedAttrMap,
): TensorType[] {
  const type = checkAlike(where, inputs);
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new RangeError(
      `${where}: approximate must be 'none' or 'tanh'; got ${describeValue(approximate)}`,
    );
  }
  return [type];
}
