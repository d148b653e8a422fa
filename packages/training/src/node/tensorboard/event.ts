import { Buffer } from 'node:buffer';
import { histogramEdges, type Distribution } from '../../watch/distribution.js';

// Messages of TensorFlow's event.proto, summary.proto and tensor.proto, each with the fields that TensorBoard reads.

/** When something happened. */
export interface EventTime {
  readonly step: number;
  /** Since 1970, in milliseconds. */
  readonly nowMs: number;
}

/** The event that a file of events begins with. */
export function versionEvent(nowMs: number): Uint8Array {
  return message(doubleField(1, nowMs / 1000), bytesField(3, 'brain.Event:2'));
}

/** The number of `START` in event.proto's enumeration of what happens to a session. */
const SESSION_START = 1;

/** A run begins or resumes: TensorBoard drops what it has read of this step and later ones. */
export function startEvent({ step, nowMs }: EventTime): Uint8Array {
  const session = bytesField(7, intField(1, SESSION_START));
  return message(doubleField(1, nowMs / 1000), intField(2, step), session);
}

/** An event with figures. @param values - by {@link scalar}, {@link histogram} or {@link text} */
export function summaryEvent({ step, nowMs }: EventTime, values: Uint8Array[]): Uint8Array {
  const summary = message(...values.map((value) => bytesField(1, value))); // bounded: a figure a parameter
  return message(doubleField(1, nowMs / 1000), intField(2, step), bytesField(5, summary));
}

/** A number, kept as float32. */
export function scalar(tag: string, value: number): Uint8Array {
  return message(bytesField(1, tag), floatField(2, value));
}

export function histogram(tag: string, distribution: Distribution): Uint8Array {
  const { minimum, maximum, count, mean, norm, counts } = distribution;
  const histo = message(
    doubleField(1, minimum),
    doubleField(2, maximum),
    doubleField(3, count),
    doubleField(4, mean * count),
    doubleField(5, norm * norm),
    doublesField(6, histogramEdges(distribution).slice(1)), // where each bin ends
    doublesField(7, counts),
  );
  return message(bytesField(1, tag), bytesField(5, histo));
}

/** The number of strings in tensor.proto's enumeration of types. */
const DT_STRING = 7;

/** Markdown, shown by the text plugin. */
export function text(tag: string, markdown: string): Uint8Array {
  const shape = message(bytesField(2, intField(1, 1))); // one string
  const tensor = message(intField(1, DT_STRING), bytesField(2, shape), bytesField(8, markdown));
  const metadata = bytesField(1, bytesField(1, 'text')); // plugin_data { plugin_name }
  return message(bytesField(1, tag), bytesField(8, tensor), bytesField(9, metadata));
}

// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as far as events need it: fields below
// 16, whose tag is one byte. A message is the concatenation of its fields.

/** How a field's value is laid out. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Fields, one after the other. Not by `Buffer.concat`: for a few bytes it takes five times as long. */
function message(...fields: readonly Uint8Array[]): Uint8Array {
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
function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  const length = varint(content.length);
  const bytes = new Uint8Array(1 + length.length + content.length);
  bytes[0] = tag(field, WIRE.bytes);
  bytes.set(length, 1);
  bytes.set(content, 1 + length.length);
  return bytes;
}

/** An int32, an int64 or an enumeration. @param value - a whole number from 0 on */
function intField(field: number, value: number): Uint8Array {
  return Uint8Array.of(tag(field, WIRE.varint), ...varint(value)); // bounded: ten bytes
}

function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = tag(field, WIRE.fixed32);
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = tag(field, WIRE.fixed64);
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

/** A packed field of doubles. */
function doublesField(field: number, values: readonly number[]): Uint8Array {
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
