import { ByteWriter } from './byte-writer.js';

/** Bits into bytes, the highest first. */
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

  /** What has been written, with zeros up to a whole byte. */
  bytes(): Uint8Array<ArrayBuffer> {
    while (this.#bits > 0) this.push(0);
    return this.#writer.bytes();
  }
}
