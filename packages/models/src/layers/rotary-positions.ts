import { add, concat, gather, mul, reshape, slice, tensor2d } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { checkSizes } from '../checks.js';

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
  readonly #rotations: Rotations;

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
    const [B, T, C] = x.shape;
    const [d, { cosines, sines }] = [this.headSize, this.#rotations];
    if (C % d !== 0 || (positions === undefined && T > this.length)) {
      throw new RangeError(
        `RotaryPositions: inputs must have shape [B, ${this.length} at most, a multiple of ${d}]; got [${x.shape.join(', ')}]`,
      );
    }
    const heads = reshape<Rank.R2>(x, [x.size / d, d]);
    const [first, second] = [0, d / 2].map((from) => slice(heads, [0, from], [-1, d / 2]));
    const swapped = reshape(concat([second, first], 1), [B, T, C]);
    const [cosine, sine] = [cosines, sines].map((table) => this.#rows(table, x, positions));
    return add(mul(x, cosine), mul(swapped, sine));
  }

  /** What each channel is multiplied by, of a table for one head: `[T, C]`, or `[B, T, C]` where rows differ. */
  #rows(table: Float32Array, { shape: [, T, C] }: Tensor3D, positions?: Tensor2D): Tensor {
    const [d, length] = [this.headSize, positions === undefined ? T : this.length];
    const wide = Float32Array.from(
      { length: length * C },
      (_, i) => table[Math.floor(i / C) * d + (i % d)], // d divides C
    );
    const rows = tensor2d(wide, [length, C]);
    return positions === undefined ? rows : gather<Tensor>(rows, positions);
  }
}

/** `[length, d]` each. */
interface Rotations {
  readonly cosines: Float32Array;
  /** Negative in the first half: what channel i + d/2 gives to channel i. */
  readonly sines: Float32Array;
}

/** By sums and products of doubles alone: they are the same on every machine, and `Math.cos` isn't. */
function rotations(length: number, d: number): Rotations {
  const cosines = new Float32Array(length * d);
  const sines = new Float32Array(length * d);
  for (let i = 0; i < d / 2; i++) {
    const angle = exponential((-2 * i * LN_BASE) / d); // from one position to the next, at most 1
    const step = { cosine: series(0, -(angle * angle)), sine: angle * series(1, -(angle * angle)) };
    let [cosine, sine] = [1, 0];
    for (let p = 0; p < length; p++) {
      const [low, high] = [p * d + i, p * d + i + d / 2];
      cosines[low] = cosine;
      cosines[high] = cosine;
      sines[low] = -sine;
      sines[high] = sine;
      [cosine, sine] = [
        cosine * step.cosine - sine * step.sine,
        sine * step.cosine + cosine * step.sine,
      ];
    }
  }
  return { cosines, sines };
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
