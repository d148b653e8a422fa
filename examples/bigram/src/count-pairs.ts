import { DataLoader, type NextTokenDataset } from '@llm101/data';
import { tallyPairs } from '@llm101/info-theory';

/**
 * How often each symbol follows each, plus one: so that a pair that didn't occur isn't impossible (Laplace's rule).
 *
 * @param pairs - windows of one symbol
 * @returns `[V, V]`
 */
export function countPairs(pairs: NextTokenDataset, vocabSize: number): number[][] {
  const [{ inputs, targets }] = new DataLoader(pairs, { batchSize: pairs.length });
  const counts = tallyPairs({ x: inputs, y: targets, rows: vocabSize, columns: vocabSize });
  return counts.map((row) => Array.from(row, (count) => count + 1));
}
