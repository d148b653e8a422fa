import { LEAST_RANGE } from './arithmetic-encoder.js';
import { CodecError } from './codec-error.js';
import type { FrequencyTable } from './frequency-table.js';
import type { SymbolDecoder } from './symbol-coder.js';

/** Zeros that the encoder leaves to the reader. */
const IMPLIED = 3;

/** Reads what {@link ArithmeticEncoder} has written: looks in whose part of the interval the number lies. */
export class ArithmeticDecoder implements SymbolDecoder {
  readonly #bytes: Uint8Array;
  #position = 0;
  /** The number, less the interval's lower end: always below the range. */
  #offset = 0;
  #range = 2 ** 32;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#offset = this.#offset * 256 + this.#next();
  }

  code(table: FrequencyTable): number {
    const { total } = table;
    const place = this.#place(total);
    const symbol = table.symbolAt(place);
    this.#narrow(table.start(symbol), table.frequency(symbol), total);
    return symbol;
  }

  codeBit(frequencyOfOne: number): number {
    const bit = this.#place(65536) < frequencyOfOne ? 1 : 0;
    if (bit === 1) this.#narrow(0, frequencyOfOne, 65536);
    else this.#narrow(frequencyOfOne, 65536 - frequencyOfOne, 65536);
    return bit;
  }

  finish(): void {
    const left = this.#bytes.length + IMPLIED - this.#position;
    if (left > 0) throw new CodecError(`arithmetic code: ${left} bytes are left after the end`);
  }

  #place(total: number): number {
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
