import type { FrequencyTable } from './frequency-table.js';
import { checkBit, checkCoded, CodecError } from './symbol-coder.js';
import type { SymbolDecoder, SymbolEncoder } from './symbol-coder.js';

/** The state's lower bound; the upper one is 256 times that, so products stay below 2^31. */
const LEAST_STATE = 2 ** 23;

/**
 * Asymmetric numeral systems, range variant: the message is one growing number; a symbol of frequency `f` of `M` turns
 * the state `x` into `⌊x / f⌋ M + x mod f + start`, which is about `M / f` times larger. Low bytes are written out as
 * it grows. What is written last is read first, so the steps are kept and `finish` writes them backwards.
 *
 * Source: Duda (2013), "Asymmetric Numeral Systems: Entropy Coding Combining Speed of Huffman Coding with Compression
 * Rate of Arithmetic Coding"; the byte-wise 31-bit state is that of Giesen (2014), "Interleaved Entropy Coders".
 */
export class RansEncoder implements SymbolEncoder {
  /** Start, frequency and total of each step. */
  readonly #steps: number[] = [];

  /** @throws RangeError when the symbol isn't in the table or has frequency 0, or the total isn't a power of two */
  code(table: FrequencyTable, symbol: number): number {
    checkCoded('RansEncoder', table, symbol);
    checkPowerOfTwo('RansEncoder', table.total);
    this.#steps.push(table.start(symbol), table.frequency(symbol), table.total);
    return symbol;
  }

  codeBit(frequencyOfOne: number, bit: number): number {
    checkBit('RansEncoder', frequencyOfOne, bit);
    if (bit === 1) this.#steps.push(0, frequencyOfOne, 65536);
    else this.#steps.push(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const backwards: number[] = [];
    let state = LEAST_STATE;
    for (let i = this.#steps.length - 3; i >= 0; i -= 3) {
      const [start, frequency, total] = this.#steps.slice(i, i + 3);
      const most = (LEAST_STATE / total) * 256 * frequency;
      while (state >= most) {
        backwards.push(state & 0xff);
        state >>>= 8;
      }
      state = Math.floor(state / frequency) * total + (state % frequency) + start;
    }
    for (let i = 0; i < 4; i++) backwards.push((state >>> (8 * i)) & 0xff);
    return Uint8Array.from(backwards.toReversed());
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

/** Reads what {@link RansEncoder} has written; its state ends where the encoder's began. */
export class RansDecoder implements SymbolDecoder {
  readonly #bytes: Uint8Array;
  #position = 0;
  #state = 0;

  /** @throws CodecError when the bytes don't begin with a state */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#state = this.#state * 256 + this.#next();
    if (!(this.#state >= LEAST_STATE && this.#state < 256 * LEAST_STATE)) {
      throw new CodecError(`rANS code: the first four bytes aren't a state; got ${this.#state}`);
    }
  }

  /** @throws RangeError when the table's total isn't a power of two */
  code(table: FrequencyTable): number {
    const { total } = table;
    checkPowerOfTwo('RansDecoder', total);
    const symbol = table.symbolAt(this.#state & (total - 1));
    this.#pop(table.start(symbol), table.frequency(symbol), total);
    return symbol;
  }

  codeBit(frequencyOfOne: number): number {
    const bit = (this.#state & 65535) < frequencyOfOne ? 1 : 0;
    if (bit === 1) this.#pop(0, frequencyOfOne, 65536);
    else this.#pop(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): void {
    const left = this.#bytes.length - this.#position;
    if (left > 0) throw new CodecError(`rANS code: ${left} bytes are left after the end`);
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
