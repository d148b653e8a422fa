import { checkSymbol } from '../checks.js';
import type { FrequencyTable } from './frequency-table.js';

/**
 * One step of an encoder or a decoder. Both have the same, so that a model is driven by the same code on both sides and
 * can't drift apart: an encoder writes the symbol it is given and returns it; a decoder returns the symbol it reads,
 * whatever it is given.
 */
export interface SymbolCoder {
  /** A symbol of `table`, which is the same on both sides. */
  code(table: FrequencyTable, symbol: number): number;
  /** A yes or no: 1 has this frequency out of 65,536, from 1 to 65,535. */
  codeBit(frequencyOfOne: number, bit: number): number;
}

/** Writes. */
export interface SymbolEncoder extends SymbolCoder {
  /** Ends the code. @returns its bytes */
  finish(): Uint8Array<ArrayBuffer>;
}

/** Reads what an encoder has written, with the same tables in the same order. */
export interface SymbolDecoder extends SymbolCoder {
  /** @throws CodecError unless the code ends here */
  finish(): void;
}

/** The bytes to decode aren't a whole and unaltered result of the encoder, or were made with another model. */
export class CodecError extends Error {
  /** Stands before the message. */
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
