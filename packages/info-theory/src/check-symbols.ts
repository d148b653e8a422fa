import { checkSize } from './check-size.js';

/** @throws RangeError unless `size` is a count of symbols and each symbol is a whole number below it */
export function checkSymbols(where: string, symbols: ArrayLike<number>, size: number): void {
  checkSize(where, size);
  for (let i = 0; i < symbols.length; i++) checkSymbol(where, symbols[i], size);
}

/** @throws RangeError unless the symbol is a whole number, 0 … size - 1 */
export function checkSymbol(where: string, symbol: number, size: number): void {
  if (!(Number.isInteger(symbol) && symbol >= 0 && symbol < size)) {
    throw new RangeError(
      `${where}: a symbol must be a whole number, 0 … ${size - 1}; got ${String(symbol)}`,
    );
  }
}
