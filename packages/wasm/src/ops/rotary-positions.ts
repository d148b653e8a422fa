import { engine, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf, type TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';

const NAME = 'RotaryPositions';

/**
 * `engine().runKernel('RotaryPositions', { x, positions, rotations }, { back: false })`: channels i and i + d/2 of each head of x
 * `[B, T, heads d]` turned by the angle of its position, `positions` int32 `[B, T]` or, for all rows the same, `[T]`. Its cosine and
 * sine are `rotations[p, i]` and `rotations[p, i + d/2]`, `[length, d]`. `back` turns the other way, as the gradient does.
 *
 * Source: Su et al. (2021), "RoFormer", https://arxiv.org/abs/2104.09864
 */
export const rotaryPositions = ownOp({
  kernelName: NAME,
  inputNames: ['x', 'positions', 'rotations'],
  outputs(inputs, { back }) {
    const { x, positions, rotations } = inputs;
    if (!fits(x, positions, rotations)) {
      throw new RangeError(
        `${NAME}: x must be float32 [B, T, heads d], rotations float32 [length, d] with an even d, positions int32 [B, T] or [T]; ` +
          `got ${describeTensors(inputs)}`,
      );
    }
    if (typeof back !== 'boolean') {
      throw new TypeError(`${NAME}: back must be true or false; got ${describeValue(back)}`);
    }
    const type: TensorType = { shape: x.shape, dtype: 'float32' };
    return [type];
  },
  lower({ x, positions, rotations }, node) {
    const [B, T, width] = x.shape;
    const [length, d] = rotations.shape;
    const back = node.attrs['back'] === true ? 1 : 0;
    const sizes = [B * T, sizeOf(positions), width / d, d, back];
    const args = [x, positions, rotations, ...node.outputs, ...sizes];
    return kernelInstruction(node, [{ kernel: 'rotate', args }], {
      overwrites: [x],
      indices: { value: positions, limit: length, where: NAME },
    });
  },
  gradient: {
    inputsToSave: ['positions', 'rotations'],
    gradFunc(dys, [positions, rotations], attrs: NamedAttrMap) {
      const inputs = { x: [dys].flat()[0], positions, rotations };
      const turn = { back: attrs['back'] !== true };
      return { x: (): Tensor => engine().runKernel(NAME, inputs, turn) as Tensor };
    },
  },
});

function fits(x: TensorInfo, positions: TensorInfo, rotations: TensorInfo): boolean {
  const [B, T, width] = x.shape;
  const [, d] = rotations.shape;
  return (
    x.shape.length === 3 &&
    rotations.shape.length === 2 &&
    d > 0 &&
    d % 2 === 0 &&
    width % d === 0 &&
    isTensor(x, 'float32', x.shape) &&
    isTensor(rotations, 'float32', rotations.shape) &&
    (isTensor(positions, 'int32', [B, T]) || isTensor(positions, 'int32', [T]))
  );
}
