import { Buffer } from 'node:buffer';

// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as far as events need it. A message is
// the concatenation of its fields.

/** How a field's value is laid out. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Fields, one after the other. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** A string or another message. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return message(tag(field, WIRE.bytes), varint(bytes.length), bytes);
}

/** An int32, an int64 or an enumeration. @param value - a whole number from 0 on */
export function intField(field: number, value: number): Uint8Array {
  return message(tag(field, WIRE.varint), varint(value));
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return message(tag(field, WIRE.fixed32), bytes);
}

export function doubleField(field: number, value: number): Uint8Array {
  return message(tag(field, WIRE.fixed64), doubles([value]));
}

/** A packed field of doubles. */
export function doublesField(field: number, values: readonly number[]): Uint8Array {
  return bytesField(field, doubles(values));
}

function doubles(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i);
  return bytes;
}

function tag(field: number, wire: (typeof WIRE)[keyof typeof WIRE]): Uint8Array {
  return varint(field * 8 + wire);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. Not by shifts: they end at 32 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.of(...bytes, rest);
}
