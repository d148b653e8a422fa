import { BitReader } from './bit-reader.js';
import type { FrequencyTable } from './frequency-table.js';
import { HuffmanCodes } from './huffman-encoder.js';
import type { SymbolDecoder } from './symbol-coder.js';

/** Reads what {@link HuffmanEncoder} has written. */
export class HuffmanDecoder implements SymbolDecoder {
  readonly #reader: BitReader;
  readonly #codes = new HuffmanCodes();

  constructor(bytes: Uint8Array) {
    this.#reader = new BitReader(bytes);
  }

  code(table: FrequencyTable): number {
    return this.#codes.of(table).read(this.#reader);
  }

  codeBit(): number {
    return this.#reader.next();
  }

  finish(): void {
    this.#reader.finish();
  }
}
