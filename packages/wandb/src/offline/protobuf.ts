import { Buffer } from 'node:buffer';

// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as far as W&B's records need it.

/** A field, or a message: the concatenation of its fields. */
export type Encoded = Uint8Array;

const VARINT = 0;
const LENGTH = 2;

/** A message of these fields; those that are `undefined` are left out. */
export function message(...fields: readonly (Encoded | undefined)[]): Encoded {
  return Buffer.concat(fields.filter((field) => field !== undefined));
}

/** A string or a message; nothing for `undefined`. */
export function field(number: number, value: string | Encoded | undefined): Encoded | undefined {
  if (value === undefined) return undefined;
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(number * 8 + LENGTH), varint(content.length), content]);
}

/** Several of one field. */
export function fields(number: number, values: readonly (string | Encoded)[] = []): Encoded {
  return Buffer.concat(values.map((value) => field(number, value) ?? new Uint8Array()));
}

/** An integer, a boolean or an enumeration; a 0 is left out, as it is what a reader assumes. */
export function intField(number: number, value: number | boolean | undefined): Encoded | undefined {
  const whole = Math.trunc(Number(value ?? 0));
  return whole === 0 ? undefined : Buffer.concat([varint(number * 8 + VARINT), varint(whole)]);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. A negative number is that plus 2^64. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) + 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
