import { ByteWriter } from './bits.js';
import type { FrequencyTable } from './frequency-table.js';
import { checkBit, checkCoded, CodecError } from './symbol-coder.js';
import type { SymbolDecoder, SymbolEncoder } from './symbol-coder.js';

/** The state's lower bound; the upper one is 256 times that, so products stay below 2^31. */
const LEAST_STATE = 2 ** 23;

/** Steps of a block. A longer message is one block after the other, each with a state of its own. */
const BLOCK_STEPS = 2 ** 22;

/**
 * Asymmetric numeral systems, range variant: the message is one growing number; a symbol of frequency `f` of `M` turns
 * the state `x` into `⌊x / f⌋ M + x mod f + start`, which is about `M / f` times larger. Low bytes are written out as
 * it grows. What is written last is read first, so the steps of a block are kept and written backwards at its end.
 *
 * Source: Duda (2013), "Asymmetric Numeral Systems: Entropy Coding Combining Speed of Huffman Coding with Compression
 * Rate of Arithmetic Coding"; the byte-wise 31-bit state is that of Giesen (2014), "Interleaved Entropy Coders".
 */
export class RansEncoder implements SymbolEncoder {
  /** Start, frequency and total of each of the block's steps. */
  #steps = new Uint32Array(3 * 1024);
  #count = 0;
  readonly #blocks: Uint8Array[] = [];

  /** @throws RangeError when the symbol isn't in the table or has frequency 0, or the total isn't a power of two */
  code(table: FrequencyTable, symbol: number): number {
    checkCoded('RansEncoder', table, symbol);
    checkPowerOfTwo('RansEncoder', table.total);
    this.#push(table.start(symbol), table.frequency(symbol), table.total);
    return symbol;
  }

  codeBit(frequencyOfOne: number, bit: number): number {
    checkBit('RansEncoder', frequencyOfOne, bit);
    if (bit === 1) this.#push(0, frequencyOfOne, 65536);
    else this.#push(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#endBlock();
    const bytes = new Uint8Array(this.#blocks.reduce((sum, block) => sum + block.length, 0));
    let start = 0;
    for (const block of this.#blocks) {
      bytes.set(block, start);
      start += block.length;
    }
    return bytes;
  }

  #push(start: number, frequency: number, total: number): void {
    if (this.#count === BLOCK_STEPS) this.#endBlock();
    const i = 3 * this.#count++;
    if (i === this.#steps.length) {
      const longer = new Uint32Array(2 * this.#steps.length);
      longer.set(this.#steps);
      this.#steps = longer;
    }
    this.#steps[i] = start;
    this.#steps[i + 1] = frequency;
    this.#steps[i + 2] = total;
  }

  #endBlock(): void {
    const backwards = new ByteWriter();
    let state = LEAST_STATE;
    for (let i = 3 * this.#count - 3; i >= 0; i -= 3) {
      const [start, frequency, total] = this.#steps.subarray(i, i + 3);
      const most = (LEAST_STATE / total) * 256 * frequency;
      while (state >= most) {
        backwards.push(state & 0xff);
        state >>>= 8;
      }
      state = Math.floor(state / frequency) * total + (state % frequency) + start;
    }
    for (let i = 0; i < 4; i++) backwards.push((state >>> (8 * i)) & 0xff);
    this.#blocks.push(backwards.bytes().toReversed());
    this.#count = 0;
  }
}

/** @throws RangeError unless the state's bounds are multiples of the total */
function checkPowerOfTwo(where: string, total: number): void {
  if ((total & (total - 1)) !== 0) {
    throw new RangeError(
      `${where}: frequencies must sum to a power of two; got ${total}; scale them with scaledFrequencies()`,
    );
  }
}

/** Reads what {@link RansEncoder} has written; the state of each block ends where the encoder's began. */
export class RansDecoder implements SymbolDecoder {
  readonly #bytes: Uint8Array;
  #position = 0;
  #state = 0;
  /** Steps of the block that have been read. */
  #count = 0;

  /** @throws CodecError when the bytes don't begin with a state */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#beginBlock();
  }

  /** @throws RangeError when the table's total isn't a power of two */
  code(table: FrequencyTable): number {
    const { total } = table;
    checkPowerOfTwo('RansDecoder', total);
    this.#beginStep();
    const symbol = table.symbolAt(this.#state & (total - 1));
    this.#pop(table.start(symbol), table.frequency(symbol), total);
    return symbol;
  }

  codeBit(frequencyOfOne: number): number {
    this.#beginStep();
    const bit = (this.#state & 65535) < frequencyOfOne ? 1 : 0;
    if (bit === 1) this.#pop(0, frequencyOfOne, 65536);
    else this.#pop(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): void {
    const left = this.#bytes.length - this.#position;
    if (left > 0) throw new CodecError(`rANS code: ${left} bytes are left after the end`);
    this.#endBlock();
  }

  #beginStep(): void {
    if (this.#count === BLOCK_STEPS) {
      this.#endBlock();
      this.#beginBlock();
    }
    this.#count++;
  }

  /** @throws CodecError when the next bytes aren't a state */
  #beginBlock(): void {
    this.#count = 0;
    this.#state = 0;
    for (let i = 0; i < 4; i++) this.#state = this.#state * 256 + this.#next();
    if (!(this.#state >= LEAST_STATE && this.#state < 256 * LEAST_STATE)) {
      throw new CodecError(
        `rANS code: four bytes that begin a block aren't a state; got ${this.#state}`,
      );
    }
  }

  #endBlock(): void {
    if (this.#state !== LEAST_STATE) {
      throw new CodecError('rANS code: it ends in another state than it began with');
    }
  }

  #pop(start: number, frequency: number, total: number): void {
    const place = this.#state & (total - 1);
    let state = frequency * Math.floor(this.#state / total) + place - start;
    while (state < LEAST_STATE) state = state * 256 + this.#next();
    this.#state = state;
  }

  #next(): number {
    if (this.#position === this.#bytes.length) {
      throw new CodecError('rANS code: the bytes end too early');
    }
    return this.#bytes[this.#position++];
  }
}
