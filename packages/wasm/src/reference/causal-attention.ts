import { keeper, type DropoutMask } from './elementwise.js';

/** What attends to what. */
export interface AttentionOperands {
  /** `[B, T, (heads + 2 kvHeads) d]`: queries, keys and values side by side, the heads within each. */
  readonly qkv: ArrayLike<number>;
  /** `[B, T]`, the first position that each sees; the last is itself. */
  readonly starts: ArrayLike<number>;
  readonly B: number;
  readonly T: number;
  readonly heads: number;
  /** Of keys and values; default: as many. Each is read by `heads / kvHeads` heads that follow one another. */
  readonly kvHeads?: number;
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
    const scores = seen.map(({ key }) => dot(qkv, query, key, d) / Math.sqrt(d));
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = scores.reduce((total, score) => total + Math.exp(score - most), 0);
    sums[index] = most + Math.log(sum);
    for (const [i, { value }] of seen.entries()) {
      const p = Math.exp(scores[i] - sums[index]) * factor(first + i);
      for (let j = 0; j < d; j++) y[out + j] += p * qkv[value + j];
    }
  }
  return { y, sums };
}

/** The gradient for qkv, given that of y. */
export function causalAttentionGradientReference(
  operands: AttentionOperands,
  dy: ArrayLike<number>,
): Float64Array {
  const { qkv, d } = operands;
  const factor = factorsOf(operands);
  const { sums } = causalAttentionReference(operands);
  const gradient = new Float64Array(qkv.length);
  for (const { query, seen, index, out, first } of positions(operands)) {
    const p = seen.map(({ key }) => Math.exp(dot(qkv, query, key, d) / Math.sqrt(d) - sums[index]));
    const slopes = seen.map(({ value }, i) => {
      let slope = 0;
      for (let j = 0; j < d; j++) slope += dy[out + j] * qkv[value + j];
      return slope * factor(first + i);
    });
    const mean = slopes.reduce((total, slope, i) => total + p[i] * slope, 0);
    for (const [i, { key, value }] of seen.entries()) {
      const g = (p[i] * (slopes[i] - mean)) / Math.sqrt(d);
      for (let j = 0; j < d; j++) {
        gradient[query + j] += g * qkv[key + j];
        gradient[key + j] += g * qkv[query + j];
        gradient[value + j] += p[i] * factor(first + i) * dy[out + j];
      }
    }
  }
  return gradient;
}

/** One head of one position. */
interface Position {
  /** Where its query begins in qkv. */
  readonly query: number;
  /** Where key and value begin of each position that it sees. */
  readonly seen: readonly { readonly key: number; readonly value: number }[];
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

function* positions(operands: AttentionOperands): Generator<Position> {
  const { starts, B, T, heads, kvHeads = heads, d } = operands;
  const [C, shared] = [heads * d, kvHeads * d];
  const row = C + 2 * shared;
  for (let i = 0; i < B * T; i++) {
    const t = i % T;
    const first = Math.max(0, Math.min(starts[i], t));
    for (let h = 0; h < heads; h++) {
      const query = i * row + h * d;
      const ours = C + Math.floor(h / (heads / kvHeads)) * d;
      const seen = Array.from({ length: t - first + 1 }, (_, s) => {
        const key = (i - t + first + s) * row + ours;
        return { key, value: key + shared };
      });
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
