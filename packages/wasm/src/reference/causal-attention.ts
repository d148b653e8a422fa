import { keeper, type DropoutMask } from './elementwise.js';

/** What attends to what. */
export interface AttentionOperands {
  /** `[B, T, 3 C]`: queries, keys and values side by side, the heads within each. */
  readonly qkv: ArrayLike<number>;
  /** `[B, T]`, the first position that each sees; the last is itself. */
  readonly starts: ArrayLike<number>;
  readonly B: number;
  readonly T: number;
  readonly heads: number;
  /** Channels of a head. */
  readonly d: number;
  /** What is dropped of a tensor of probabilities, `[B, heads, T, T]`; default: nothing. */
  readonly dropout?: DropoutMask;
}

/** What `causalAttention` writes. */
export interface Attended {
  /** `[B, T, C]` */
  readonly y: Float64Array;
  /** `[B, T, heads]`, the logarithm of each softmax' denominator. */
  readonly sums: Float64Array;
}

/** `F.scaled_dot_product_attention` of heads, where each position attends to a range that ends with itself; in double precision. */
export function causalAttentionReference(operands: AttentionOperands): Attended {
  const { qkv, B, T, heads, d } = operands;
  const C = heads * d;
  const factor = factorsOf(operands);
  const y = new Float64Array(B * T * C);
  const sums = new Float64Array(B * T * heads);
  for (const { query, seen, index, out, first } of positions(operands)) {
    const scores = seen.map((row) => dot(qkv, query, row + C, d) / Math.sqrt(d));
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = scores.reduce((total, score) => total + Math.exp(score - most), 0);
    sums[index] = most + Math.log(sum);
    for (const [i, row] of seen.entries()) {
      const p = Math.exp(scores[i] - sums[index]) * factor(first + i);
      for (let j = 0; j < d; j++) y[out + j] += p * qkv[row + 2 * C + j];
    }
  }
  return { y, sums };
}

/** The gradient for qkv, `[B, T, 3 C]`, given that of y. */
export function causalAttentionGradientReference(
  operands: AttentionOperands,
  dy: ArrayLike<number>,
): Float64Array {
  const { qkv, heads, d } = operands;
  const C = heads * d;
  const factor = factorsOf(operands);
  const { sums } = causalAttentionReference(operands);
  const gradient = new Float64Array(qkv.length);
  for (const { query, seen, index, out, first } of positions(operands)) {
    const p = seen.map((row) => Math.exp(dot(qkv, query, row + C, d) / Math.sqrt(d) - sums[index]));
    const slopes = seen.map((row, i) => {
      let slope = 0;
      for (let j = 0; j < d; j++) slope += dy[out + j] * qkv[row + 2 * C + j];
      return slope * factor(first + i);
    });
    const mean = slopes.reduce((total, slope, i) => total + p[i] * slope, 0);
    for (const [i, row] of seen.entries()) {
      const g = (p[i] * (slopes[i] - mean)) / Math.sqrt(d);
      for (let j = 0; j < d; j++) {
        gradient[query + j] += g * qkv[row + C + j];
        gradient[row + C + j] += g * qkv[query + j];
        gradient[row + 2 * C + j] += p[i] * factor(first + i) * dy[out + j];
      }
    }
  }
  return gradient;
}

/** One head of one position. */
interface Position {
  /** Where its query begins in qkv. */
  readonly query: number;
  /** Where the queries of the same head begin of what it sees; keys are C further, values 2 C. */
  readonly seen: readonly number[];
  /** Its index in `[B, T, heads]`. */
  readonly index: number;
  /** Where its result begins in `[B, T, C]`. */
  readonly out: number;
  /** Where the probability of the first that it sees stands in `[B, heads, T, T]`. */
  readonly first: number;
}

/** What the probability at each place of `[B, heads, T, T]` is multiplied by. */
function factorsOf({ dropout }: AttentionOperands): (place: number) => number {
  if (dropout === undefined) return () => 1;
  const [kept, scale] = [keeper(dropout), 1 / (1 - dropout.rate)];
  return (place) => (kept(place) ? scale : 0);
}

function* positions({ starts, B, T, heads, d }: AttentionOperands): Generator<Position> {
  const C = heads * d;
  for (let i = 0; i < B * T; i++) {
    const t = i % T;
    const first = Math.max(0, Math.min(starts[i], t));
    for (let h = 0; h < heads; h++) {
      const query = i * 3 * C + h * d;
      const seen = Array.from({ length: t - first + 1 }, (_, s) => query - (t - first - s) * 3 * C);
      const place = ((((i - t) / T) * heads + h) * T + t) * T + first;
      yield { query, seen, index: i * heads + h, out: i * C + h * d, first: place };
    }
  }
}

function dot(values: ArrayLike<number>, a: number, b: number, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += values[a + j] * values[b + j];
  return sum;
}
