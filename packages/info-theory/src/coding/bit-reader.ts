import { CodecError } from './codec-error.js';

/** Bits out of bytes, the highest first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @throws CodecError when there is none */
  next(): number {
    const byte = this.#position >>> 3;
    if (byte >= this.#bytes.length) throw new CodecError('Huffman code: the bytes end too early');
    return (this.#bytes[byte] >>> (7 - (this.#position++ & 7))) & 1;
  }

  /** @throws CodecError unless fewer than 8 bits are left and all are 0 */
  finish(): void {
    const left = 8 * this.#bytes.length - this.#position;
    if (left >= 8) throw new CodecError(`Huffman code: ${left} bits are left after the end`);
    while (this.#position < 8 * this.#bytes.length) {
      if (this.next() !== 0)
        throw new CodecError('Huffman code: the last byte is filled with ones');
    }
  }
}
