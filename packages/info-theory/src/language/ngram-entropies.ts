import { checkSize, checkSymbols } from '../checks.js';
import {
  type EntropyEstimator,
  grassbergerEntropy,
  millerMadowEntropy,
  plugInEntropy,
} from '../estimators/entropy-estimators.js';
import { inUnit, type UnitOptions } from '../units.js';
import { NgramTree, type NgramNode } from './ngram-tree.js';

export interface NgramEntropyOptions extends UnitOptions {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /** The length of the longest n-gram, from 0 on. */
  readonly order: number;
  /** Estimates the entropy after each context; default: `plugInEntropy`. */
  readonly estimator?: EntropyEstimator;
}

/**
 * The entropy of a language by n-grams: the uncertainty about the next symbol when the `N - 1` before it are known.
 * `F_0` is the logarithm of the number of symbols, `F_1` is by their frequencies, `F_2` by pairs. The more symbols are
 * known, the less is uncertain, and the limit is the entropy of the language; but fewer and fewer contexts occur twice
 * in a sample, so that the plug-in estimates fall below the truth.
 *
 * Source: Shannon (1951), "Prediction and Entropy of Printed English", section 2.
 *
 * @param sequences - lines or texts of symbols; contexts don't reach across a sequence's start
 * @returns `[order + 1]` `F_0` … `F_order`
 * @throws RangeError when a symbol isn't below the size, there is none, or an option is out of its range
 */
export function ngramEntropies(
  sequences: Iterable<ArrayLike<number>>,
  options: NgramEntropyOptions,
): Float64Array {
  const { size, order, estimator = plugInEntropy } = options;
  checkSize('ngramEntropies', size);
  checkSize('ngramEntropies', order, 'order', 0);
  const entropies = new Float64Array(order + 1);
  entropies[0] = Math.log(size);
  const tree = new NgramTree(Math.max(order, 1));
  let total = 0;
  for (const sequence of sequences) {
    checkSymbols('ngramEntropies', sequence, size);
    total += sequence.length;
    const context: number[] = [];
    for (let i = 0; i < sequence.length; i++) {
      tree.add(context, sequence[i]);
      context.push(sequence[i]);
    }
  }
  if (total === 0) {
    throw new RangeError('ngramEntropies: the sequences must have a symbol; got none');
  }
  const addNode = (node: NgramNode, depth: number, start: boolean): void => {
    let followed = 0;
    for (const count of node.counts.values()) followed += count;
    const counts = SKIPS_UNSEEN.has(estimator) ? seenCounts(node) : allCounts(node, size);
    const part = (followed / total) * estimator(counts);
    // A context that begins at the start is the whole context at each longer length too.
    for (let n = depth + 1; n <= (start ? order : depth + 1); n++) entropies[n] += part;
    for (const [symbol, child] of node.children) addNode(child, depth + 1, symbol < 0);
  };
  if (order > 0) addNode(tree.root, 0, false);
  return entropies.map((nats) => inUnit('ngramEntropies', nats, options));
}

/** Estimators to which it is the same whether symbols that were never seen are counted as 0 or left out. */
const SKIPS_UNSEEN: ReadonlySet<EntropyEstimator> = new Set<EntropyEstimator>([
  plugInEntropy,
  millerMadowEntropy,
  grassbergerEntropy,
]);

/** How often each symbol followed that did, by symbol: a text of many characters has few after each context. */
function seenCounts({ counts }: NgramNode): Float64Array {
  return Float64Array.from(
    [...counts].sort(([a], [b]) => a - b),
    ([, count]) => count,
  );
}

/** `[size]` how often each symbol followed. */
function allCounts({ counts }: NgramNode, size: number): Float64Array {
  const all = new Float64Array(size);
  for (const [symbol, count] of counts) all[symbol] = count;
  return all;
}
