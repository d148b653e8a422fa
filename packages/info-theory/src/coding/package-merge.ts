/** A leaf, or a package of two items of the round before: which symbols it holds, and their weight. */
interface Item {
  readonly weight: number;
  readonly leaf: number;
  readonly pair: readonly [Item, Item] | undefined;
}

/**
 * The lengths of the best prefix code whose codes have at most `longest` bits. In each round the cheapest items are
 * paired, and pairs compete with single symbols for the next; the `2n - 2` cheapest of the last round say how long each
 * code is.
 *
 * Source: Larmore and Hirschberg (1990), "A Fast Algorithm for Optimal Length-Limited Huffman Codes".
 *
 * @param weights - `[n]` positive, smallest first; 2 <= n <= 2^longest
 * @returns `[n]` bits of each code
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
