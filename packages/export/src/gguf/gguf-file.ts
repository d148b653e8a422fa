// GGUF, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md

import type { FloatTensor } from '../exported-model.js';

/** A value of a file's metadata; whole numbers are uint32. */
export type GgufValue =
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly bool: boolean }
  | string
  | readonly string[]
  | { readonly int32s: readonly number[] };

const TYPES = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };

/** Where tensors begin. */
const ALIGNMENT = 32;

/**
 * A file of float32 tensors.
 *
 * @param metadata - by key
 * @param tensors - by name, shapes as PyTorch has them
 */
export function encodeGguf(
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: ReadonlyMap<string, FloatTensor>,
): Uint8Array<ArrayBuffer> {
  const head = new Bytes();
  head.ascii('GGUF');
  head.uint32(3);
  head.uint64(tensors.size);
  head.uint64(metadata.size);
  for (const [key, value] of metadata) {
    head.text(key);
    writeValue(head, value);
  }
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    head.text(name);
    head.uint32(shape.length);
    for (const size of shape.toReversed()) head.uint64(size); // the innermost axis first
    head.uint32(0); // float32
    head.uint64(offset);
    offset += aligned(data.byteLength);
  }
  const start = aligned(head.length);
  const file = new Uint8Array(start + offset);
  file.set(head.read());
  let at = start;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += aligned(data.byteLength);
  }
  return file;
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function writeValue(bytes: Bytes, value: GgufValue): void {
  if (typeof value === 'string') {
    bytes.uint32(TYPES.string);
    bytes.text(value);
  } else if (isTexts(value)) {
    bytes.array(TYPES.string, value.length);
    for (const item of value) bytes.text(item);
  } else if ('uint32' in value) {
    bytes.uint32(TYPES.uint32);
    bytes.uint32(value.uint32);
  } else if ('float32' in value) {
    bytes.uint32(TYPES.float32);
    bytes.float32(value.float32);
  } else if ('bool' in value) {
    bytes.uint32(TYPES.bool);
    bytes.uint8(value.bool ? 1 : 0);
  } else {
    bytes.array(TYPES.int32, value.int32s.length);
    for (const item of value.int32s) bytes.uint32(item);
  }
}

const isTexts = (value: GgufValue): value is readonly string[] => Array.isArray(value);

/** Grows as it is written; numbers are little-endian. */
class Bytes {
  #view = new DataView(new ArrayBuffer(1024));
  #length = 0;

  get length(): number {
    return this.#length;
  }

  read(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }

  uint8(value: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  uint64(value: number): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  float32(value: number): void {
    const at = this.#room(4);
    this.#view.setFloat32(at, value, true);
  }

  ascii(value: string): void {
    this.#set(new TextEncoder().encode(value));
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.uint64(bytes.length);
    this.#set(bytes);
  }

  array(type: number, length: number): void {
    this.uint32(TYPES.array);
    this.uint32(type);
    this.uint64(length);
  }

  #set(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    new Uint8Array(this.#view.buffer).set(bytes, at);
  }

  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#view.byteLength) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(new Uint8Array(this.#view.buffer, 0, at));
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
