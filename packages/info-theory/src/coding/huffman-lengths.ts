import { checkSize } from '../check-size.js';
import { checkCounts } from '../check-counts.js';

/** A leaf, or a package of two items of the round before: which symbols it holds, and their weight. */
interface Item {
  readonly weight: number;
  readonly symbol: number;
  readonly pair: readonly [Item, Item] | undefined;
}

/**
 * The lengths of the best code with a whole number of bits for each symbol, none longer than `longest`: what Huffman's
 * method gives, wherever that keeps to the limit. By merging packages: in each round the cheapest items are paired, and
 * pairs compete with single symbols for the next; the `2n - 2` cheapest of the last round say how long each code is.
 *
 * Source: Huffman (1952), "A Method for the Construction of Minimum-Redundancy Codes"; Larmore and Hirschberg (1990),
 * "A Fast Algorithm for Optimal Length-Limited Huffman Codes".
 *
 * @param frequencies - `[n]` weights from 0 on; a symbol of weight 0 gets no code
 * @param longest - bits of the longest code, 15 unless given
 * @returns `[n]` bits of each symbol's code, 0 for none; a symbol that is alone gets 1
 * @throws RangeError when a weight isn't finite or is negative, all are 0, or `longest` bits don't suffice
 */
export function huffmanLengths(frequencies: ArrayLike<number>, longest = 15): Uint8Array {
  checkCounts('huffmanLengths', frequencies, 'frequencies');
  checkSize('huffmanLengths', longest, 'longest');
  const leaves: Item[] = [];
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    const weight = frequencies[symbol];
    if (weight > 0) leaves.push({ weight, symbol, pair: undefined });
  }
  if (leaves.length === 0) {
    throw new RangeError('huffmanLengths: a symbol must have a frequency above 0; got none');
  }
  if (leaves.length > 2 ** longest) {
    throw new RangeError(
      `huffmanLengths: longest must allow ${leaves.length} codes; got ${longest} bits, which allow ${2 ** longest}`,
    );
  }
  leaves.sort((a, b) => a.weight - b.weight || a.symbol - b.symbol);
  const lengths = new Uint8Array(frequencies.length);
  if (leaves.length === 1) {
    lengths[leaves[0].symbol] = 1;
    return lengths;
  }
  let items = leaves;
  for (let round = 1; round < longest; round++) items = merge(leaves, pairs(items));
  const count = (item: Item): void => {
    if (item.pair === undefined) lengths[item.symbol]++;
    else for (const half of item.pair) count(half);
  };
  for (const item of items.slice(0, 2 * leaves.length - 2)) count(item);
  return lengths;
}

function pairs(items: readonly Item[]): Item[] {
  return Array.from({ length: Math.floor(items.length / 2) }, (_, i) => {
    const pair = [items[2 * i], items[2 * i + 1]] as const;
    return { weight: pair[0].weight + pair[1].weight, symbol: -1, pair };
  });
}

/** Two sorted lists as one; a single symbol goes before a package of the same weight. */
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
