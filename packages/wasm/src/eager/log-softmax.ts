import { LogSoftmax } from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue } from './describe-tensors.js';
import { ownKernel } from './own-kernel.js';

/** `LogSoftmax` over the last axis. tfjs-core has its name and its gradient; its own operation is composed still. */
export const logSoftmaxConfig = ownKernel({
  kernelName: LogSoftmax,
  inputNames: ['logits'],
  outputs({ logits }, { axis }): TensorType[] {
    const last = logits.shape.length - 1;
    if (logits.dtype !== 'float32' || last < 0) {
      throw new RangeError(
        `LogSoftmax: logits must be float32 [..., C]; got ${describeTensors({ logits })}`,
      );
    }
    if (axis !== last && axis !== -1) {
      throw new RangeError(
        `LogSoftmax: axis must be the last one, ${last}; got ${describeValue(axis)}; transpose the logits`,
      );
    }
    return [{ shape: logits.shape, dtype: 'float32' }];
  },
});
