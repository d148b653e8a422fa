import { checkSymbol } from '../checks.js';
import type { FrequencyTable } from './frequency-table.js';

/**
 * One step of an encoder or a decoder. Both have the same interface, so that the same code drives a model on both sides
 * and they can't diverge: an encoder writes the symbol it is given and returns it; a decoder returns the symbol it
 * reads, whatever it is given.
 */
export interface SymbolCoder {
  /** Codes a symbol of `table`, which is the same on both sides. */
  code(table: FrequencyTable, symbol: number): number;
  /** Codes a bit: 1 has this frequency out of 65,536, from 1 to 65,535. */
  codeBit(frequencyOfOne: number, bit: number): number;
}

/** Writes symbols as bytes. */
export interface SymbolEncoder extends SymbolCoder {
  /** Ends the code and returns its bytes. */
  finish(): Uint8Array<ArrayBuffer>;
}

/** Reads what an encoder has written, with the same tables in the same order. */
export interface SymbolDecoder extends SymbolCoder {
  /** @throws CodecError unless the code ends here */
  finish(): void;
}

/** The bytes aren't a complete, unaltered result of the encoder, or were made with another model. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** @throws RangeError unless an encoder can write the symbol: it is in the table, and its frequency isn't 0 */
export function checkCoded(where: string, table: FrequencyTable, symbol: number): void {
  checkSymbol(where, symbol, table.size);
  if (table.frequency(symbol) === 0) {
    throw new RangeError(
      `${where}: a symbol must have a frequency to be coded; got symbol ${symbol}, whose frequency is 0`,
    );
  }
}

/** @throws RangeError unless the frequency of 1 is in 1 … 65,535 and the bit is 0 or 1 */
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
