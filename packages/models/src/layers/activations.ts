import { add, erf, mul, relu, sigmoid, square, tanh, type Tensor } from '@tensorflow/tfjs-core';
import { runFused } from './fused-kernel.js';

export { relu, sigmoid, tanh } from '@tensorflow/tfjs-core';

/** How `gelu` is computed: exactly, or by the approximation that GPT-2 was trained with. */
export type GeluForm = 'none' | 'tanh';

/**
 * Gaussian error linear unit, `x Φ(x)` with the normal distribution function Φ: `F.gelu(x, approximate=…)`. In the
 * form `'tanh'` it is `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
 *
 * Source: Hendrycks and Gimpel (2016), https://arxiv.org/abs/1606.08415
 */
export function gelu<T extends Tensor>(x: T, approximate: GeluForm = 'none'): T {
  const fused = runFused({ name: 'Gelu', inputs: { x }, attrs: { approximate } });
  return (fused as T | undefined) ?? composed(x, approximate);
}

function composed<T extends Tensor>(x: T, approximate: GeluForm): T {
  const half = mul(x, 0.5);
  if (approximate === 'none') return mul(half, add(erf(mul(x, Math.SQRT1_2)), 1));
  const cubic = mul(x, add(mul(square(x), 0.044715), 1));
  return mul(half, add(tanh(mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

/**
 * Sigmoid-weighted linear unit, `x σ(x)`: `F.silu`, also called swish.
 *
 * Source: Elfwing et al. (2017), https://arxiv.org/abs/1702.03118
 */
export function silu<T extends Tensor>(x: T): T {
  return mul(x, sigmoid(x));
}

/**
 * Gated values, `silu(gate) · x`: what a feed-forward layer of two products side by side passes on.
 *
 * Source: Shazeer (2020), "GLU Variants Improve Transformer", https://arxiv.org/abs/2002.05202
 *
 * @param gate - of the shape of x
 */
export function swiglu<T extends Tensor>(gate: T, x: T): T {
  const fused = runFused({ name: 'SwiGLU', inputs: { gate, x }, attrs: {} });
  return (fused as T | undefined) ?? mul(silu(gate), x);
}

/**
 * `relu(x)²`.
 *
 * Source: So et al. (2021), "Primer: Searching for Efficient Transformers", https://arxiv.org/abs/2109.08668
 */
export function squaredRelu<T extends Tensor>(x: T): T {
  const fused = runFused({ name: 'SquaredRelu', inputs: { x }, attrs: {} });
  return (fused as T | undefined) ?? square(relu(x));
}
