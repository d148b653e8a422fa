import { checkTotal } from '../check-total.js';

/** @throws RangeError unless the counts are whole numbers from 0 on with a positive sum, which is returned */
export function checkWholeCounts(where: string, counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!(Number.isSafeInteger(counts[i]) && counts[i] >= 0)) {
      throw new RangeError(
        `${where}: counts must be whole numbers from 0 on; got ${String(counts[i])} at index ${i}`,
      );
    }
    total += counts[i];
  }
  checkTotal(where, total);
  return total;
}
