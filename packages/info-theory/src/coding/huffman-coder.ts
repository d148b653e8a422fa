import { BitReader, BitWriter } from './bits.js';
import type { FrequencyTable } from './frequency-table.js';
import { HuffmanCode } from './huffman-code.js';
import { huffmanLengths } from './huffman-lengths.js';
import { checkBit, checkCoded, type SymbolDecoder, type SymbolEncoder } from './symbol-coder.js';

/**
 * Huffman's code with the interface of the other coders: each table has its own code, made once. A symbol takes a whole
 * number of bits, at least one, so that this loses up to one bit per symbol compared to arithmetic coding; single bits
 * are written as they are.
 */
export class HuffmanEncoder implements SymbolEncoder {
  readonly #writer = new BitWriter();
  readonly #codes = new HuffmanCodes();

  /** @throws RangeError when the symbol isn't in the table or has frequency 0 */
  code(table: FrequencyTable, symbol: number): number {
    checkCoded('HuffmanEncoder', table, symbol);
    this.#codes.of(table).write(this.#writer, symbol);
    return symbol;
  }

  codeBit(frequencyOfOne: number, bit: number): number {
    checkBit('HuffmanEncoder', frequencyOfOne, bit);
    this.#writer.push(bit);
    return bit;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#writer.bytes();
  }
}

/** The code of each table, for as long as the table lives. */
class HuffmanCodes {
  readonly #codes = new WeakMap<FrequencyTable, HuffmanCode>();

  of(table: FrequencyTable): HuffmanCode {
    let code = this.#codes.get(table);
    if (code === undefined) {
      const frequencies = Array.from({ length: table.size }, (_, i) => table.frequency(i));
      // 65,536 symbols of frequency 1 need 16 bits.
      code = new HuffmanCode(huffmanLengths(frequencies, table.size > 2 ** 15 ? 16 : 15));
      this.#codes.set(table, code);
    }
    return code;
  }
}

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
