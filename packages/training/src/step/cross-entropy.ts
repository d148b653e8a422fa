import {
  div,
  engine,
  getBackend,
  getKernel,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  sum,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Losses and probabilities at once, where a backend has the kernel: `@llm101/wasm` registers it for its own. */
const FUSED = 'SoftmaxCrossEntropy';

/**
 * Mean cross-entropy of the targets under the model: `-1/N Σ log softmax(logits)[target]`, PyTorch's
 * `F.cross_entropy`; with weights `Σ w loss / Σ w`, so that what weighs 0 doesn't count (PyTorch's `ignore_index`).
 *
 * @param logits - `[N, V]` unnormalised log-probabilities
 * @param targets - `[N]` int32, 0 … V - 1
 * @param weights - `[N]`, not all 0; default: 1 for each
 * @returns a scalar, in nats
 * @throws RangeError unless there is a row of logits for each target, and a weight for each or none
 */
export function crossEntropy(logits: Tensor2D, targets: Tensor1D, weights?: Tensor1D): Scalar {
  const losses = crossEntropies(logits, targets, weights); // [N]
  if (weights === undefined) return mean(losses);
  return div(sum(mul(losses, weights)), sum(weights));
}

/**
 * What some targets of a batch add to its mean cross-entropy: `Σ loss / total`, with weights `Σ w loss / total`. Where none of
 * them weighs anything that is 0.
 *
 * @param total - of the whole batch: its targets, or the sum of their weights
 */
export function partOfCrossEntropy(
  total: Scalar,
  logits: Tensor2D,
  targets: Tensor1D,
  weights?: Tensor1D,
): Scalar {
  const losses = crossEntropies(logits, targets, weights); // [N]
  return div(sum<Scalar>(weights === undefined ? losses : mul(losses, weights)), total);
}

/** The cross-entropy of each target, `[N]`, not weighted. */
function crossEntropies(logits: Tensor2D, targets: Tensor1D, weights?: Tensor1D): Tensor1D {
  const shapes = [logits, targets, ...(weights === undefined ? [] : [weights])].map(
    ({ shape }) => shape,
  );
  const [N] = logits.shape;
  if (logits.shape.length !== 2 || shapes.slice(1).some((shape) => shape.join() !== String(N))) {
    throw new RangeError(
      'crossEntropy: logits must be [N, V], targets and weights [N]; got ' +
        shapes.map((shape) => `[${shape.join(', ')}]`).join(', '),
    );
  }
  return fused(logits, targets) ?? composed(logits, targets);
}

function fused(logits: Tensor2D, targets: Tensor1D): Tensor1D | undefined {
  // The types don't say that a look-up may find nothing.
  const found: object | undefined = getKernel(FUSED, getBackend());
  if (found === undefined) return undefined;
  const [losses] = engine().runKernel<[Tensor1D, Tensor2D]>(FUSED, { logits, targets });
  return losses;
}

function composed(logits: Tensor2D, targets: Tensor1D): Tensor1D {
  const chosen = mul(logSoftmax(logits), oneHot(targets, logits.shape[1])); // [N, V], zero but at the targets
  return neg(sum<Tensor1D>(chosen, -1));
}
