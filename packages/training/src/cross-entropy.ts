import {
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  sum,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * Mean cross-entropy of the targets under the model: `-1/B Σ log softmax(logits)[target]`, PyTorch's
 * `F.cross_entropy`.
 *
 * @param logits - `[B, V]` unnormalised log-probabilities
 * @param targets - `[B]` int32, 0 … V - 1
 * @returns a scalar, in nats
 */
export function crossEntropy(logits: Tensor2D, targets: Tensor1D): Scalar {
  const [, V] = logits.shape;
  const chosen = mul(logSoftmax(logits), oneHot(targets, V)); // [B, V], zero but at the targets
  return neg(mean(sum<Tensor1D>(chosen, -1)));
}
