import { engine, type GradConfig, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, isTensor } from './describe-tensors.js';
import { ownKernel } from './own-kernel.js';

const GRADIENT = 'SoftmaxCrossEntropyGrad';

/**
 * `SoftmaxCrossEntropy`: losses `[N]`, `-ln softmax(logits)[target]`, and probabilities `[N, V]`, of logits
 * `[N, V]` float32 and targets `[N]` int32. `F.cross_entropy(logits, targets, reduction='none')`.
 */
export const softmaxCrossEntropyConfig = ownKernel({
  kernelName: 'SoftmaxCrossEntropy',
  inputNames: ['logits', 'targets'],
  outputs({ logits, targets }): TensorType[] {
    const [N, V] = logits.shape;
    const fits = logits.shape.length === 2 && V > 0 && isTensor(targets, 'int32', [N]);
    if (!fits || logits.dtype !== 'float32') {
      throw new RangeError(
        'SoftmaxCrossEntropy: logits must be float32 [N, V] with V from 1 on, targets int32 [N]; ' +
          `got ${describeTensors({ logits, targets })}`,
      );
    }
    return [
      { shape: [N], dtype: 'float32' },
      { shape: [N, V], dtype: 'float32' },
    ];
  },
});

/** `(probabilities - oneHot(targets)) dLosses`, a row for each loss. */
export const softmaxCrossEntropyGradConfig = ownKernel({
  kernelName: GRADIENT,
  inputNames: ['probabilities', 'targets', 'dLosses'],
  outputs({ probabilities, targets, dLosses }): TensorType[] {
    const [N, V] = probabilities.shape;
    const fits = probabilities.shape.length === 2 && probabilities.dtype === 'float32';
    if (!fits || !isTensor(targets, 'int32', [N]) || !isTensor(dLosses, 'float32', [N])) {
      throw new RangeError(
        `${GRADIENT}: probabilities must be float32 [N, V], targets int32 [N], dLosses float32 [N]; ` +
          `got ${describeTensors({ probabilities, targets, dLosses })}`,
      );
    }
    return [{ shape: [N, V], dtype: 'float32' }];
  },
});

/** The gradient of the losses for the logits. The probabilities are handed out without one. */
export const softmaxCrossEntropyGradient: GradConfig = {
  kernelName: softmaxCrossEntropyConfig.kernelName,
  inputsToSave: ['targets'],
  outputsToSave: [false, true],
  gradFunc(dy, [targets, probabilities]) {
    const [dLosses] = [dy].flat();
    return {
      logits: (): Tensor =>
        engine().runKernel(GRADIENT, { probabilities, targets, dLosses }) as Tensor,
    };
  },
};
