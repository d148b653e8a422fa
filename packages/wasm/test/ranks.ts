import { reshape } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';

/** A tensor of three dimensions, typed as such. */
export function rank3(x: Tensor): Tensor3D {
  const [a, b, c]: number[] = x.shape;
  return reshape<Rank.R3>(x, [a, b, c]);
}

/** A tensor of four dimensions, typed as such. */
export function rank4(x: Tensor): Tensor4D {
  const [a, b, c, d]: number[] = x.shape;
  return reshape<Rank.R4>(x, [a, b, c, d]);
}

/** A tensor of five dimensions, typed as such. */
export function rank5(x: Tensor): Tensor5D {
  const [a, b, c, d, e]: number[] = x.shape;
  return reshape<Rank.R5>(x, [a, b, c, d, e]);
}
