import { checkBit, checkCoded } from './check-coded.js';
import type { FrequencyTable } from './frequency-table.js';
import type { SymbolEncoder } from './symbol-coder.js';

/** The state's lower end; its upper is 256 times that, so products stay below 2^31. */
export const LEAST_STATE = 2 ** 23;

/**
 * Asymmetric numeral systems, range variant: the message is one growing number; a symbol of frequency `f` of `M` makes
 * the state `x` into `⌊x / f⌋ M + x mod f + start`, which is about `M / f` times larger. Bytes leave the state's end as
 * it grows. What is written last is read first, so the steps are kept and written backwards by `finish`.
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
export function checkPowerOfTwo(where: string, total: number): void {
  if ((total & (total - 1)) !== 0) {
    throw new RangeError(
      `${where}: frequencies must sum to a power of two; got ${total}; scale them with scaledFrequencies()`,
    );
  }
}
