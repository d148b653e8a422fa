import { checkCounts, checkSize } from '../checks.js';
import { MOST_BITS } from './huffman-code.js';

/**
 * The lengths of the best code with a whole number of bits for each symbol, none longer than `longest`. By Huffman's
 * method: the two lightest are merged until one is left. If that makes a code too long, by `packageMerge`.
 *
 * Source: Huffman (1952), "A Method for the Construction of Minimum-Redundancy Codes"; with two queues as van Leeuwen
 * (1976), "On the Construction of Huffman Trees".
 *
 * @param frequencies - `[n]` weights from 0 on; a symbol of weight 0 gets no code
 * @param longest - bits of the longest code, at most 30; default: 15
 * @returns `[n]` the number of bits of each symbol's code, 0 for none; a single symbol gets 1
 * @throws RangeError when a weight isn't finite or is negative, all are 0, or `longest` is above 30 or doesn't suffice
 */
export function huffmanLengths(frequencies: ArrayLike<number>, longest = 15): Uint8Array {
  checkCounts('huffmanLengths', frequencies, 'frequencies');
  checkSize('huffmanLengths', longest, 'longest');
  if (longest > MOST_BITS) {
    throw new RangeError(`huffmanLengths: longest must be at most ${MOST_BITS}; got ${longest}`);
  }
  const symbols = Array.from({ length: frequencies.length }, (_, symbol) => symbol)
    .filter((symbol) => frequencies[symbol] > 0)
    .sort((a, b) => frequencies[a] - frequencies[b] || a - b);
  if (symbols.length === 0) {
    throw new RangeError('huffmanLengths: a symbol must have a frequency above 0; got none');
  }
  if (symbols.length > 2 ** longest) {
    throw new RangeError(
      `huffmanLengths: longest must allow ${symbols.length} codes; got ${longest} bits, which allow ${2 ** longest}`,
    );
  }
  const weights = Float64Array.from(symbols, (symbol) => frequencies[symbol]);
  let bits = symbols.length === 1 ? Uint32Array.of(1) : depths(weights);
  if (bits[0] > longest) bits = Uint32Array.from(packageMerge(weights, longest));
  const lengths = new Uint8Array(frequencies.length);
  for (const [i, symbol] of symbols.entries()) lengths[symbol] = bits[i];
  return lengths;
}

/**
 * The depth of each leaf of Huffman's tree. Joined nodes are made in order of weight, so the two lightest nodes are
 * always at the heads of two queues, of leaves and of joined nodes.
 *
 * @param weights - `[n]` positive, smallest first, n >= 2
 * @returns `[n]` the deepest first
 */
function depths(weights: Float64Array): Uint32Array {
  const n = weights.length;
  const joined = new Float64Array(n - 1);
  const parents = new Uint32Array(2 * n - 1); // leaves, then joined nodes
  let leaf = 0;
  let node = 0;
  for (let next = 0; next < n - 1; next++) {
    for (let half = 0; half < 2; half++) {
      // A leaf precedes a joined node of the same weight, which keeps the tree flat.
      const isLeaf = leaf < n && (node >= next || weights[leaf] <= joined[node]);
      joined[next] += isLeaf ? weights[leaf] : joined[node];
      parents[isLeaf ? leaf++ : n + node++] = n + next;
    }
  }
  const depth = new Uint32Array(2 * n - 1);
  for (let i = 2 * n - 3; i >= 0; i--) depth[i] = depth[parents[i]] + 1;
  return depth.subarray(0, n);
}

/** A leaf, or a package of two items of the previous round, with its weight. */
interface Item {
  readonly weight: number;
  readonly leaf: number;
  readonly pair: readonly [Item, Item] | undefined;
}

/**
 * The lengths of the best prefix code whose codes have at most `longest` bits. In each round the cheapest items are
 * paired, and pairs compete with single symbols for the next; the `2n - 2` cheapest of the last round determine the
 * lengths of the codes.
 *
 * Source: Larmore and Hirschberg (1990), "A Fast Algorithm for Optimal Length-Limited Huffman Codes".
 *
 * @param weights - `[n]` positive, smallest first; 2 <= n <= 2^longest
 * @returns `[n]` the number of bits of each code
 */
export function packageMerge(weights: ArrayLike<number>, longest: number): Uint8Array {
  const leaves = Array.from(weights, (weight, leaf): Item => ({ weight, leaf, pair: undefined }));
  const lengths = new Uint8Array(leaves.length);
  let items = leaves;
  for (let round = 1; round < longest; round++) items = merge(leaves, pairs(items));
  const count = (item: Item): void => {
    if (item.pair === undefined) lengths[item.leaf]++;
    else for (const half of item.pair) count(half);
  };
  for (const item of items.slice(0, 2 * leaves.length - 2)) count(item);
  return lengths;
}

function pairs(items: readonly Item[]): Item[] {
  return Array.from({ length: Math.floor(items.length / 2) }, (_, i) => {
    const pair = [items[2 * i], items[2 * i + 1]] as const;
    return { weight: pair[0].weight + pair[1].weight, leaf: -1, pair };
  });
}

/** Merges two sorted lists; a single symbol precedes a package of the same weight. */
function merge(leaves: readonly Item[], packages: readonly Item[]): Item[] {
  const merged: Item[] = [];
  let next = 0;
  for (const leaf of leaves) {
    while (next < packages.length && packages[next].weight < leaf.weight) {
      merged.push(packages[next++]);
    }
    merged.push(leaf);
  }
  return merged.concat(packages.slice(next));
}
