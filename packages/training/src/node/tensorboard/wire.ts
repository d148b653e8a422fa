import { Buffer } from 'node:buffer';

// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as far as events need it: fields below
// 16, whose tag is one byte. A message is the concatenation of its fields.

/** How a field's value is laid out. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Fields, one after the other. Not by `Buffer.concat`: for a few bytes it takes five times as long. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const field of fields) length += field.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

/** A string or another message. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  const length = varint(content.length);
  const bytes = new Uint8Array(1 + length.length + content.length);
  bytes[0] = tag(field, WIRE.bytes);
  bytes.set(length, 1);
  bytes.set(content, 1 + length.length);
  return bytes;
}

/** An int32, an int64 or an enumeration. @param value - a whole number from 0 on */
export function intField(field: number, value: number): Uint8Array {
  return Uint8Array.of(tag(field, WIRE.varint), ...varint(value)); // bounded: ten bytes
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = tag(field, WIRE.fixed32);
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = tag(field, WIRE.fixed64);
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

/** A packed field of doubles. */
export function doublesField(field: number, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return bytesField(field, bytes);
}

function tag(field: number, wire: (typeof WIRE)[keyof typeof WIRE]): number {
  return field * 8 + wire;
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. Not by shifts: they end at 32 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
