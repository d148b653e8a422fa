/** What the newest position of each row attends to. */
export interface CachedAttentionOperands {
  /** `[B, heads d]` */
  readonly query: ArrayLike<number>;
  /** `[B, T, kvHeads d]` */
  readonly keys: ArrayLike<number>;
  /** `[B, T, kvHeads d]` */
  readonly values: ArrayLike<number>;
  /** `[B]`, the last that each row sees. */
  readonly positions: ArrayLike<number>;
  readonly B: number;
  readonly T: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly d: number;
}

/** `F.scaled_dot_product_attention` of one query a row over what is kept; in double precision, `[B, heads d]`. */
export function cachedAttentionReference(operands: CachedAttentionOperands): Float64Array {
  const { query, keys, values, positions, B, T, heads, kvHeads, d } = operands;
  const y = new Float64Array(B * heads * d);
  for (let i = 0; i < B * heads; i++) {
    const [b, h] = [Math.floor(i / heads), i % heads];
    const group = Math.floor(h / (heads / kvHeads));
    const last = Math.max(0, Math.min(positions[b], T - 1));
    const places = Array.from({ length: last + 1 }, (_, s) => ((b * T + s) * kvHeads + group) * d);
    const scores = places.map((at) => {
      let score = 0;
      for (let j = 0; j < d; j++) score += query[i * d + j] * keys[at + j];
      return score / Math.sqrt(d);
    });
    const most = scores.reduce((a, c) => Math.max(a, c), -Infinity);
    const weights = scores.map((score) => Math.exp(score - most));
    const sum = weights.reduce((a, c) => a + c, 0);
    for (const [s, at] of places.entries()) {
      for (let j = 0; j < d; j++) y[i * d + j] += (weights[s] / sum) * values[at + j];
    }
  }
  return y;
}

/** A copy of x, `[B, T, width]`, with `rows`, `[B, n, width]`, at their positions, `[B, n]`; those beyond are left out. */
export function writeRowsReference(
  x: readonly number[],
  rows: readonly number[],
  positions: readonly number[],
  { B, T, width }: { readonly B: number; readonly T: number; readonly width: number },
): number[] {
  const to = [...x];
  const n = positions.length / B;
  for (const [i, at] of positions.entries()) {
    if (at < 0 || at >= T) continue;
    const start = (Math.floor(i / n) * T + at) * width;
    to.splice(start, width, ...rows.slice(i * width, (i + 1) * width)); // bounded: a row
  }
  return to;
}
