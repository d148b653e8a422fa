import { checkSymbols } from './check-symbols.js';

/**
 * How often each symbol occurs in a sample.
 *
 * @param symbols - whole numbers, 0 … size - 1
 * @param size - how many symbols there are, those that don't occur included
 * @returns `[size]` counts, for `distribution` or an estimator
 * @throws RangeError when the size isn't a whole number from 1 on, or a symbol isn't below it
 */
export function tally(symbols: ArrayLike<number>, size: number): Uint32Array {
  checkSymbols('tally', symbols, size);
  const counts = new Uint32Array(size);
  for (let i = 0; i < symbols.length; i++) counts[symbols[i]]++;
  return counts;
}
