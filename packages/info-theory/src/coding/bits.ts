import { CodecError } from './symbol-coder.js';

/** Bytes of each piece that a {@link ByteWriter} collects, but the first ones. */
const PIECE = 2 ** 20;

/** Collects bytes in pieces, so that nothing is copied before the end: up to 2^32 bytes, as much as one array can hold. */
export class ByteWriter {
  readonly #full: Uint8Array[] = [];
  #piece = new Uint8Array(64);
  #used = 0;
  #length = 0;

  /** The number of bytes written. */
  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    if (this.#used === this.#piece.length) {
      this.#full.push(this.#piece);
      this.#piece = new Uint8Array(Math.min(2 * this.#piece.length, PIECE));
      this.#used = 0;
    }
    this.#piece[this.#used++] = byte;
    this.#length++;
  }

  /** A copy of what has been written. */
  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    let start = 0;
    for (const piece of this.#full) {
      bytes.set(piece, start);
      start += piece.length;
    }
    bytes.set(this.#piece.subarray(0, this.#used), start);
    return bytes;
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
  #byte = 0;
  /** Bits read of that byte. */
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @throws CodecError when none is left */
  next(): number {
    if (this.#byte >= this.#bytes.length) {
      throw new CodecError('Huffman code: the bytes end too early');
    }
    const bit = (this.#bytes[this.#byte] >>> (7 - this.#bit)) & 1;
    if (++this.#bit === 8) {
      this.#byte++;
      this.#bit = 0;
    }
    return bit;
  }

  /** @throws CodecError unless fewer than 8 bits are left and all are 0 */
  finish(): void {
    const left = 8 * (this.#bytes.length - this.#byte) - this.#bit;
    if (left >= 8) throw new CodecError(`Huffman code: ${left} bits are left after the end`);
    for (let i = 0; i < left; i++) {
      if (this.next() !== 0)
        throw new CodecError('Huffman code: the last byte is filled with ones');
    }
  }
}
