import {
  add,
  concat,
  gather,
  mul,
  range,
  reshape,
  slice,
  sub,
  tensor2d,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { checkSizes } from '../checks.js';
import { runFused } from './fused-kernel.js';

/**
 * Positions as rotations: channel i of a head and channel i + d/2 are a pair, which position p turns by the angle
 * `p 10,000^(-2i/d)`, so that the product of a query and a key depends on how far they are apart. The pairs are those of Hugging Face's Llama.
 *
 * Source: Su et al. (2021), "RoFormer", https://arxiv.org/abs/2104.09864
 */
export class RotaryPositions {
  /** How many positions there are, from 0 on. */
  readonly length: number;
  /** d: channels of a head. */
  readonly headSize: number;
  /** `[length, d]`: cosines, then sines of each position's angles. */
  readonly #rotations: Float32Array;

  /** @throws RangeError when a size isn't a whole number of at least 1, or d is odd */
  constructor(length: number, headSize: number) {
    checkSizes('RotaryPositions', { length, headSize });
    if (headSize % 2 !== 0) {
      throw new RangeError(`RotaryPositions: headSize must be even; got ${headSize}`);
    }
    this.length = length;
    this.headSize = headSize;
    this.#rotations = rotations(length, headSize);
  }

  /**
   * Turns each head of each position.
   *
   * @param x - `[B, T, heads d]`
   * @param positions - `[B, T]` int32, the index of each position in its text; default: 0, 1, … in each row
   * @returns of the shape of x
   * @throws RangeError when d doesn't divide the channels, or a row is longer than there are positions
   */
  forward(x: Tensor3D, positions?: Tensor2D): Tensor3D {
    const [, T, C] = x.shape;
    const [d, length] = [this.headSize, this.length];
    if (C % d !== 0 || (positions === undefined && T > length)) {
      throw new RangeError(
        `RotaryPositions: inputs must have shape [B, ${length} at most, a multiple of ${d}]; got [${x.shape.join(', ')}]`,
      );
    }
    const places = positions ?? range(0, T, 1, 'int32');
    const rotations = tensor2d(this.#rotations, [length, d]);
    const inputs = { x, positions: places, rotations };
    const fused = runFused({ name: 'RotaryPositions', inputs, attrs: { back: false } });
    return (fused as Tensor3D | undefined) ?? composed(x, places, rotations);
  }
}

function composed(x: Tensor3D, positions: Tensor1D | Tensor2D, rotations: Tensor2D): Tensor3D {
  const [B, T, C] = x.shape;
  const [, d] = rotations.shape;
  const turns = reshape<Rank.R4>(gather<Tensor>(rotations, positions), [-1, T, 1, d]); // of each row, or of all
  const heads = reshape<Rank.R4>(x, [B, T, C / d, d]);
  const half = (of: Tensor, from: number): Tensor =>
    slice(of, [0, 0, 0, from], [-1, -1, -1, d / 2]);
  const [first, second, cosine, sine] = [heads, turns].flatMap((of) => [
    half(of, 0),
    half(of, d / 2),
  ]);
  const turned = [
    sub(mul(first, cosine), mul(second, sine)),
    add(mul(second, cosine), mul(first, sine)),
  ];
  return reshape<Rank.R3>(concat(turned, 3), x.shape);
}

/** By sums and products of doubles alone: they are the same on every machine, and `Math.cos` isn't. */
function rotations(length: number, d: number): Float32Array {
  const table = new Float32Array(length * d);
  for (let i = 0; i < d / 2; i++) {
    const angle = exponential((-2 * i * LN_BASE) / d); // from one position to the next, at most 1
    const step = { cosine: series(0, -(angle * angle)), sine: angle * series(1, -(angle * angle)) };
    let [cosine, sine] = [1, 0];
    for (let p = 0; p < length; p++) {
      table[p * d + i] = cosine;
      table[p * d + i + d / 2] = sine;
      [cosine, sine] = [
        cosine * step.cosine - sine * step.sine,
        sine * step.cosine + cosine * step.sine,
      ];
    }
  }
  return table;
}

/** ln 10,000 */
const LN_BASE = 9.210340371976184;

/** `1 + z / ((k + 1)(k + 2)) + z² / ((k + 1) … (k + 4)) + …` to double precision, |z| up to 1: for k 0 and z -x² it is cos x, for k 1 sin x / x. */
function series(k: number, z: number): number {
  let [term, sum] = [1, 1];
  for (let n = k; n < k + 20; n += 2) {
    term *= z / ((n + 1) * (n + 2));
    sum += term;
  }
  return sum;
}

/** e^x for x from -16 to 0. */
function exponential(x: number): number {
  const small = x / 16;
  let [term, sum] = [1, 1];
  for (let n = 1; n < 20; n++) {
    term *= small / n;
    sum += term;
  }
  for (let doubling = 0; doubling < 4; doubling++) sum *= sum; // not **, which engines compute differently
  return sum;
}
