import { ByteWriter } from './bits.js';
import type { FrequencyTable } from './frequency-table.js';
import { checkBit, checkCoded, CodecError } from './symbol-coder.js';
import type { SymbolDecoder, SymbolEncoder } from './symbol-coder.js';

/** Below this the range is made 256 times larger by writing a byte. */
const LEAST_RANGE = 2 ** 24;
const WHOLE = 2 ** 32;

/**
 * Arithmetic coding: a message is a number in [0, 1); each symbol narrows the interval that contains it by its
 * probability. A message of surprisal `h` takes `h` bits and at most one byte more, plus some 0.0005 bits per symbol
 * for the rounding of the range.
 *
 * All arithmetic is on whole numbers below 2^53, which are exact in doubles. The interval's lower end has 32 bits; when
 * an addition to it carries, the bytes that the carry passes through (0xff, held back until it is known) become 0x00.
 *
 * Source: Martin (1979), "Range Encoding"; Witten, Neal and Cleary (1987), "Arithmetic Coding for Data Compression".
 * The carry is handled as in Schindler's range coder and LZMA's.
 */
export class ArithmeticEncoder implements SymbolEncoder {
  readonly #writer = new ByteWriter();
  #low = 0;
  #range = WHOLE;
  /** The byte that a carry may still change, and how many 0xff follow it. */
  #held: number | undefined;
  #pending = 0;

  /** @throws RangeError when the symbol isn't in the table or has frequency 0 */
  code(table: FrequencyTable, symbol: number): number {
    checkCoded('ArithmeticEncoder', table, symbol);
    this.#narrow(table.start(symbol), table.frequency(symbol), table.total);
    return symbol;
  }

  codeBit(frequencyOfOne: number, bit: number): number {
    checkBit('ArithmeticEncoder', frequencyOfOne, bit);
    if (bit === 1) this.#narrow(0, frequencyOfOne, 65536);
    else this.#narrow(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): Uint8Array<ArrayBuffer> {
    // The range is 2^24 or more, so it contains a number that ends in 24 zeros: one byte, and the reader adds the
    // zeros.
    this.#low = Math.ceil(this.#low / LEAST_RANGE) * LEAST_RANGE;
    this.#shift();
    this.#release(0);
    return this.#writer.bytes();
  }

  #narrow(start: number, frequency: number, total: number): void {
    const unit = Math.floor(this.#range / total);
    this.#low += unit * start;
    // The last part also gets the remainder of the division.
    this.#range = start + frequency === total ? this.#range - unit * start : unit * frequency;
    while (this.#range < LEAST_RANGE) {
      this.#shift();
      this.#range *= 256;
    }
  }

  /** Removes the top byte of the lower end. */
  #shift(): void {
    const carry = this.#low >= WHOLE ? 1 : 0;
    const byte = Math.floor(this.#low / LEAST_RANGE) & 0xff;
    this.#low = (this.#low % LEAST_RANGE) * 256;
    if (byte === 0xff && carry === 0) {
      this.#pending++;
      return;
    }
    this.#release(carry);
    this.#held = byte;
  }

  #release(carry: number): void {
    if (this.#held !== undefined) this.#writer.push((this.#held + carry) & 0xff);
    for (; this.#pending > 0; this.#pending--) this.#writer.push((0xff + carry) & 0xff);
  }
}

/** Zeros that the encoder omits and the reader adds. */
const IMPLIED = 3;

/**
 * Reads what {@link ArithmeticEncoder} has written: finds the symbol whose part of the interval contains the number.
 */
export class ArithmeticDecoder implements SymbolDecoder {
  readonly #bytes: Uint8Array;
  #position = 0;
  /** The number minus the interval's lower end: always below the range. */
  #offset = 0;
  #range = 2 ** 32;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#offset = this.#offset * 256 + this.#next();
  }

  code(table: FrequencyTable): number {
    const { total } = table;
    const position = this.#target(total);
    const symbol = table.symbolAt(position);
    this.#narrow(table.start(symbol), table.frequency(symbol), total);
    return symbol;
  }

  codeBit(frequencyOfOne: number): number {
    const bit = this.#target(65536) < frequencyOfOne ? 1 : 0;
    if (bit === 1) this.#narrow(0, frequencyOfOne, 65536);
    else this.#narrow(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): void {
    const left = this.#bytes.length + IMPLIED - this.#position;
    if (left > 0) throw new CodecError(`arithmetic code: ${left} bytes are left after the end`);
  }

  #target(total: number): number {
    return Math.min(Math.floor(this.#offset / Math.floor(this.#range / total)), total - 1);
  }

  #narrow(start: number, frequency: number, total: number): void {
    const unit = Math.floor(this.#range / total);
    this.#offset -= unit * start;
    this.#range = start + frequency === total ? this.#range - unit * start : unit * frequency;
    while (this.#range < LEAST_RANGE) {
      this.#range *= 256;
      this.#offset = this.#offset * 256 + this.#next();
    }
  }

  #next(): number {
    const i = this.#position++;
    if (i < this.#bytes.length) return this.#bytes[i];
    if (i < this.#bytes.length + IMPLIED) return 0;
    throw new CodecError('arithmetic code: the bytes end too early');
  }
}
