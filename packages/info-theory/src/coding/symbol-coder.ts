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
