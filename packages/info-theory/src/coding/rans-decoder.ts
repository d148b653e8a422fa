import { CodecError } from './codec-error.js';
import type { FrequencyTable } from './frequency-table.js';
import { checkPowerOfTwo, LEAST_STATE } from './rans-encoder.js';
import type { SymbolDecoder } from './symbol-coder.js';

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
