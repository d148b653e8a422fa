import type { BitReader, BitWriter } from './bits.js';
import { CodecError } from './symbol-coder.js';

/** The longest code: its bits fit in a 32-bit integer, and so does one more. */
export const MOST_BITS = 30;

/**
 * A prefix code in canonical form: codes of one length are consecutive numbers in the symbols' order, and shorter ones
 * come first. So the lengths alone determine the code.
 *
 * Source: Schwartz and Kallick (1964), "Generating a Canonical Prefix Encoding".
 */
export class HuffmanCode {
  /** `[n]` the number of bits of each symbol's code; 0 for none. */
  readonly lengths: Uint8Array;
  readonly #codes: Uint32Array;
  /** For each length, the first code, and the index of its first symbol in `#symbols`. */
  readonly #first = new Uint32Array(MOST_BITS + 2);
  readonly #begin = new Uint32Array(MOST_BITS + 2);
  readonly #symbols: Uint32Array;

  /**
   * @param lengths - `[n]` as `huffmanLengths` gives them
   * @throws RangeError when a length isn't in 0 … 30, or the lengths leave codes unused or need more than there are; a
   *   single symbol of length 1 is allowed
   */
  constructor(lengths: ArrayLike<number>) {
    this.lengths = Uint8Array.from(lengths);
    const perLength = countLengths(lengths);
    let code = 0;
    let begin = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      code *= 2;
      this.#first[length] = code;
      this.#begin[length] = begin;
      code += perLength[length];
      begin += perLength[length];
    }
    this.#begin[MOST_BITS + 1] = begin;
    checkComplete(perLength, begin);
    this.#codes = new Uint32Array(lengths.length);
    this.#symbols = new Uint32Array(begin);
    const used = new Uint32Array(MOST_BITS + 1);
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol];
      if (length === 0) continue;
      const position = used[length]++;
      this.#codes[symbol] = this.#first[length] + position;
      this.#symbols[this.#begin[length] + position] = symbol;
    }
  }

  /** The code of a symbol in binary digits; empty if it has none. */
  digits(symbol: number): string {
    const length = this.lengths[symbol];
    return length === 0 ? '' : this.#codes[symbol].toString(2).padStart(length, '0');
  }

  /** Writes the code of a symbol that has one. */
  write(writer: BitWriter, symbol: number): void {
    for (let bit = this.lengths[symbol] - 1; bit >= 0; bit--) {
      writer.push((this.#codes[symbol] >>> bit) & 1);
    }
  }

  /** @throws CodecError when the bits end, or belong to no symbol */
  read(reader: BitReader): number {
    let code = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      code = code * 2 + reader.next();
      const position = code - this.#first[length];
      if (position < this.#begin[length + 1] - this.#begin[length]) {
        return this.#symbols[this.#begin[length] + position];
      }
    }
    throw new CodecError('Huffman code: the bits belong to no symbol');
  }
}

/** The number of codes of each length. */
function countLengths(lengths: ArrayLike<number>): Uint32Array {
  const perLength = new Uint32Array(MOST_BITS + 1);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (!(Number.isInteger(length) && length >= 0 && length <= MOST_BITS)) {
      throw new RangeError(
        `HuffmanCode: lengths must be whole numbers, 0 … ${MOST_BITS}; got ${String(length)} at index ${symbol}`,
      );
    }
    if (length > 0) perLength[length]++;
  }
  return perLength;
}

/** Kraft's sum: each code of `length` bits takes a fraction of `2^-length` of all codes. */
function checkComplete(perLength: Uint32Array, symbols: number): void {
  const taken = perLength.reduce((sum, codes, length) => sum + codes * 2 ** -length, 0);
  const single = symbols === 1 && perLength[1] === 1;
  if (taken !== 1 && !single) {
    throw new RangeError(
      `HuffmanCode: the codes' fractions 2^-length must sum to 1; got ${taken}; make lengths with huffmanLengths()`,
    );
  }
}
