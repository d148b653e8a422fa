import { checkSymbol } from '../check-symbols.js';
import type { FrequencyTable } from './frequency-table.js';

/** @throws RangeError unless an encoder can write the symbol: it is in the table, and its frequency isn't 0 */
export function checkCoded(where: string, table: FrequencyTable, symbol: number): void {
  checkSymbol(where, symbol, table.size);
  if (table.frequency(symbol) === 0) {
    throw new RangeError(
      `${where}: a symbol must have a frequency to be coded; got symbol ${symbol}, whose frequency is 0`,
    );
  }
}

/** @throws RangeError unless a frequency of 1 leaves something for 0, and a bit is one */
export function checkBit(where: string, frequencyOfOne: number, bit: number): void {
  if (!(Number.isInteger(frequencyOfOne) && frequencyOfOne >= 1 && frequencyOfOne <= 65535)) {
    throw new RangeError(
      `${where}: the frequency of 1 must be a whole number, 1 … 65535; got ${String(frequencyOfOne)}`,
    );
  }
  if (bit !== 0 && bit !== 1) {
    throw new RangeError(`${where}: a bit must be 0 or 1; got ${String(bit)}`);
  }
}
