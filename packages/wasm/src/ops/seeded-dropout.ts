import { engine, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';

const NAME = 'SeededDropout';

/**
 * `SeededDropout`: `x / (1 - rate)` where the mask keeps x, else 0. The mask is a pure function of seed, counter and
 * position, which `seededDropoutReference` spells out. The gradient for x goes through the same mask.
 */
export const seededDropout = ownOp({
  kernelName: NAME,
  inputNames: ['x', 'counter'],
  outputs({ x, counter }, attrs) {
    if (x.dtype !== 'float32') {
      throw new RangeError(`${NAME}: x must be float32; got ${describeTensors({ x })}`);
    }
    checkDropout(NAME, { counter }, attrs);
    return [{ shape: x.shape, dtype: 'float32' }];
  },
  lower({ x, counter }, node) {
    const [out] = node.outputs;
    const { rate, seed } = node.attrs;
    const args = [x, counter, out, Number(rate), Number(seed), sizeOf(out)];
    return kernelInstruction(node, [{ kernel: 'seededDropout', args }], { overwrites: [x] });
  },
  gradient: {
    inputsToSave: ['counter'],
    gradFunc(dy, [counter], attrs) {
      const inputs = { x: [dy].flat()[0], counter };
      return { x: (): Tensor => engine().runKernel(NAME, inputs, attrs) as Tensor };
    },
  },
});

/** @throws RangeError when a mask can't be drawn by these */
export function checkDropout(
  where: string,
  { counter }: { readonly counter: TensorInfo },
  { rate, seed }: NamedAttrMap,
): void {
  if (!isTensor(counter, 'int32', [])) {
    throw new RangeError(
      `${where}: counter must be an int32 scalar; got ${describeTensors({ counter })}`,
    );
  }
  if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) {
    throw new RangeError(`${where}: rate must be from 0 to below 1; got ${describeValue(rate)}`);
  }
  if (typeof seed !== 'number' || seed >>> 0 !== seed) {
    throw new RangeError(
      `${where}: seed must be a whole number from 0 to 2^32 - 1; got ${describeValue(seed)}`,
    );
  }
}
