import { engine, type GradConfig, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor } from './describe-tensors.js';
import { ownKernel } from './own-kernel.js';

const NAME = 'SeededDropout';

/**
 * `SeededDropout`: `x / (1 - rate)` where the mask keeps x, else 0. The mask is a pure function of seed, counter and
 * place, `seededDropoutReference` says which.
 */
export const seededDropoutConfig = ownKernel({
  kernelName: NAME,
  inputNames: ['x', 'counter'],
  outputs({ x, counter }, attrs): TensorType[] {
    if (x.dtype !== 'float32' || !isTensor(counter, 'int32', [])) {
      throw new RangeError(
        `${NAME}: x must be float32, counter an int32 scalar; got ${describeTensors({ x, counter })}`,
      );
    }
    checkNumbers(attrs);
    return [{ shape: x.shape, dtype: 'float32' }];
  },
});

function checkNumbers({ rate, seed }: NamedAttrMap): void {
  if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) {
    throw new RangeError(`${NAME}: rate must be from 0 to below 1; got ${describeValue(rate)}`);
  }
  if (typeof seed !== 'number' || seed >>> 0 !== seed) {
    throw new RangeError(
      `${NAME}: seed must be a whole number from 0 to 2^32 - 1; got ${describeValue(seed)}`,
    );
  }
}

/** The gradient for x goes through the same mask. */
export const seededDropoutGradient: GradConfig = {
  kernelName: NAME,
  inputsToSave: ['counter'],
  gradFunc(dy, [counter], attrs) {
    const inputs = { x: [dy].flat()[0], counter };
    return { x: (): Tensor => engine().runKernel(NAME, inputs, attrs) as Tensor };
  },
};
