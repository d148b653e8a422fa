import type { NgramNode } from './ngram-tree.js';

/**
 * What a context makes of the prediction of the shorter one: `p(w) = shorter p(w) + share(n(w)) / total`. Both smoothings are of
 * this form, so that a symbol's probability takes a look at its counts alone.
 */
export interface ContextShare {
  /** How often each symbol is counted. */
  readonly table: ReadonlyMap<number, number>;
  /** The factor of the shorter context's prediction. */
  readonly shorter: number;
  /** What a symbol with this count gets. */
  readonly part: (count: number) => number;
}

/** What is subtracted from a count of 1, 2, and 3 or more; the first element is unused. */
type Discounts = readonly [number, number, number, number];

/**
 * Modified, interpolated Kneser–Ney smoothing. A discount is subtracted from each count and given to the shorter
 * context. A shorter context counts the longer contexts after which a symbol has followed, not its occurrences:
 * "francisco" is frequent, but after "san" only, so it is rarely expected elsewhere. A context at a sequence's start
 * has no longer one; there the frequencies count.
 *
 * Source: Kneser and Ney (1995), "Improved Backing-Off for M-gram Language Modeling"; Chen and Goodman (1998), "An
 * Empirical Study of Smoothing Techniques for Language Modeling", section 3, for the three discounts.
 *
 * @param node - a context
 * @param countsOfCounts - `[5]` for contexts of its length, how many entries are 1, 2, 3, 4
 * @returns undefined where nothing has been observed yet
 */
export function kneserNey(node: NgramNode, countsOfCounts: Float64Array): ContextShare | undefined {
  const table = node.deepest ? node.counts : node.continuations;
  if (table.size === 0) return undefined;
  const discounts = discountsOf(countsOfCounts);
  let total = 0;
  let taken = 0;
  for (const count of table.values()) {
    total += count;
    taken += discounts[Math.min(count, 3)];
  }
  return {
    table,
    shorter: taken / total,
    part: (count) => (count - discounts[Math.min(count, 3)]) / total,
  };
}

/**
 * The discounts that predict best if each n-gram is left out once, `i - (i + 1) Y n_{i+1} / n_i` with
 * `Y = n_1 / (n_1 + 2 n_2)`. With too few counts to estimate them, one discount for all: Y, or 1/2.
 */
function discountsOf(kinds: Float64Array): Discounts {
  const [, n1, n2, n3, n4] = kinds;
  const single = n1 > 0 && n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5;
  if (!(n1 > 0 && n2 > 0 && n3 > 0 && n4 > 0)) return [0, single, single, single];
  return [
    0,
    within(1 - (2 * single * n2) / n1, 1),
    within(2 - (3 * single * n3) / n2, 2),
    within(3 - (4 * single * n4) / n3, 3),
  ];
}

/** A discount must be positive, so that no probability is 0, and at most the count. */
function within(discount: number, count: number): number {
  return Math.min(Math.max(discount, 1 / 16), count);
}

/**
 * Witten–Bell smoothing: each context adds its counts to as many imaginary draws from the shorter one as it has seen
 * different symbols, `p(w|c) = (n(c, w) + T(c) p(w|shorter)) / (n(c) + T(c))`.
 *
 * Source: Witten and Bell (1991), "The Zero-Frequency Problem", method C; Chen and Goodman (1998), "An Empirical Study
 * of Smoothing Techniques for Language Modeling", section 2.6.
 *
 * @param node - a context
 * @returns undefined where nothing has been observed yet
 */
export function wittenBell({ counts: table }: NgramNode): ContextShare | undefined {
  const kinds = table.size;
  if (kinds === 0) return undefined;
  let total = kinds;
  for (const count of table.values()) total += count;
  return { table, shorter: kinds / total, part: (count) => count / total };
}
