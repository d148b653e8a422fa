import {
  Cumsum,
  cumprod,
  cumsum,
  mul,
  Prod,
  reshape,
  transpose,
  util,
  type GradConfig,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** The gradient of `tf.cumsum`: the sums from the other end. tfjs' own transposes them where the axis isn't the last. */
export const cumsumGradient: GradConfig = {
  kernelName: Cumsum,
  gradFunc(dys, _, { axis, exclusive, reverse }) {
    const [dy] = [dys].flat();
    return { x: () => cumsum(dy, Number(axis), exclusive === true, reverse !== true) };
  },
};

/**
 * The gradient of `tf.prod`: for each factor the product of those before it and those after it, which is right where some are 0.
 * tfjs' own calls methods that `tfjs-core` alone doesn't have.
 */
export const prodGradient: GradConfig = {
  kernelName: Prod,
  inputsToSave: ['x'],
  gradFunc(dys, [x], { axis }) {
    const [dy] = [dys].flat();
    return { x: () => slopes(x, dy, util.parseAxisParam(axis as number | number[], x.shape)) };
  },
};

function slopes(x: Tensor, dy: Tensor, reduced: readonly number[]): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !reduced.includes(i));
  const order = [...kept, ...reduced]; // the factors of a product side by side
  const n = reduced.reduce((product, i) => product * x.shape[i], 1);
  const factors = transpose(x, order);
  const rows = reshape(factors, [dy.size, n]);
  const others = mul(cumprod(rows, 1, true), cumprod(rows, 1, true, true));
  const along = mul(reshape(dy, [dy.size, 1]), others);
  const back = x.shape.map((_, i) => order.indexOf(i));
  return transpose(reshape(along, factors.shape), back);
}
