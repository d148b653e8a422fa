import {
  add,
  div,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sum,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Scales gradients so that the norm of all their elements together is at most `maxNorm`:
 * `torch.nn.utils.clip_grad_norm_`, which multiplies by `min(1, maxNorm / (norm + 1e-6))`.
 *
 * Source: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks".
 *
 * @returns new tensors, and the norm before; the caller disposes of them
 */
export function clipByGlobalNorm(
  gradients: readonly Tensor[],
  maxNorm: number,
): { readonly clipped: Tensor[]; readonly norm: Scalar } {
  const squares = gradients.map((gradient) => sum<Scalar>(square(gradient)));
  const norm = sqrt(squares.reduce((total, part) => add(total, part)));
  const scale = minimum(div(scalar(maxNorm), add(norm, 1e-6)), 1);
  return { clipped: gradients.map((gradient) => mul(gradient, scale)), norm };
}
