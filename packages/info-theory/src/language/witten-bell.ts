import type { NgramNode } from './ngram-node.js';

/**
 * Witten–Bell smoothing: each context adds its counts to as many imaginary draws from the shorter one as it has seen
 * different symbols, `p(w|c) = (n(c, w) + T(c) p(w|shorter)) / (n(c) + T(c))`.
 *
 * Source: Witten and Bell (1991), "The Zero-Frequency Problem", method C; Chen and Goodman (1998), "An Empirical Study
 * of Smoothing Techniques for Language Modeling", section 2.6.
 *
 * @param nodes - the contexts of a place, shortest first
 * @param p - `[size]` the uniform distribution at first; holds the result
 */
export function wittenBell(nodes: readonly NgramNode[], p: Float64Array): void {
  for (const { counts } of nodes) {
    const kinds = counts.size;
    if (kinds === 0) continue; // nothing has been observed yet
    let total = kinds;
    for (const count of counts.values()) total += count;
    const shorter = kinds / total;
    for (let w = 0; w < p.length; w++) p[w] *= shorter;
    for (const [w, count] of counts) p[w] += count / total;
  }
}
