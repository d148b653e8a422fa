import { CodecError } from './symbol-coder.js';

/** Collects bytes in a buffer that doubles. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** A copy of what has been written. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Writes bits into bytes, the highest first. */
export class BitWriter {
  readonly #writer = new ByteWriter();
  #byte = 0;
  #bits = 0;

  /** Appends a bit, 0 or 1. */
  push(bit: number): void {
    this.#byte = this.#byte * 2 + bit;
    if (++this.#bits === 8) {
      this.#writer.push(this.#byte);
      this.#byte = 0;
      this.#bits = 0;
    }
  }

  /** What has been written, padded with zeros to a whole byte. */
  bytes(): Uint8Array<ArrayBuffer> {
    while (this.#bits > 0) this.push(0);
    return this.#writer.bytes();
  }
}

/** Reads bits from bytes, the highest first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @throws CodecError when none is left */
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
