import {
  checkLittleEndian,
  checkMetadata,
  checkTensor,
  MAX_HEADER_BYTES,
  METADATA_KEY,
  MOST_TENSORS,
  PREFIX_BYTES,
} from './checks.js';
import { DTYPES, type TensorData } from './types.js';

const ALIGNMENT = 8;
const SPACE = 0x20;

/**
 * The bytes of a safetensors file. They depend on names and values alone, not on the order of the entries: tensors
 * are in the order of {@link DTYPES} and then of their names, as the Python library writes them; metadata are in the
 * order of their keys.
 *
 * @param tensors - by name; read, not kept
 * @param metadata - texts by key; left out of the file when there are none
 * @throws RangeError when a shape doesn't fit its data, a name is `__metadata__` or isn't Unicode, a BOOL is
 *   neither 0 nor 1, a name, a shape or their number exceeds what the README says, or the header exceeds 100 MB
 * @throws TypeError when a tensor's dtype is unknown or its data isn't the dtype's kind of array, or when metadata isn't text
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  checkLittleEndian('writeSafetensors');
  const entries = Object.entries(tensors);
  if (entries.length >= MOST_TENSORS) {
    throw new RangeError(
      `writeSafetensors: a file may hold fewer than ${MOST_TENSORS} tensors; got ${entries.length}; write several`,
    );
  }
  for (const [name, tensor] of entries) checkTensor(name, tensor);
  checkMetadata(metadata);

  entries.sort(
    ([nameA, a], [nameB, b]) =>
      DTYPES.indexOf(a.dtype) - DTYPES.indexOf(b.dtype) || compareCodePoints(nameA, nameB),
  );
  const header = headerBytes(entries, metadata);
  const dataBytes = entries.reduce((sum, [, { data }]) => sum + data.byteLength, 0);
  const file = new Uint8Array(PREFIX_BYTES + header.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, PREFIX_BYTES);
  let position = PREFIX_BYTES + header.length;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

/** UTF-8 JSON, padded with spaces so that the data after it is aligned. */
function headerBytes(
  entries: readonly (readonly [string, TensorData])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const texts = Object.entries(metadata).sort(([a], [b]) => compareCodePoints(a, b));
  const members = texts.length > 0 ? [member(METADATA_KEY, jsonObject(texts))] : [];
  let begin = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const end = begin + data.byteLength;
    const info = JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
    members.push(member(name, info));
    begin = end;
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES) {
    throw new RangeError(
      `writeSafetensors: the header may have ${MAX_HEADER_BYTES} bytes, got ${length}; write fewer tensors or less metadata`,
    );
  }
  const header = new Uint8Array(length).fill(SPACE);
  header.set(json);
  return header;
}

// Not by an object, which would put names like "10" first.
function jsonObject(texts: readonly (readonly [string, string])[]): string {
  return `{${texts.map(([key, text]) => member(key, JSON.stringify(text))).join(',')}}`;
}

function member(key: string, json: string): string {
  return `${JSON.stringify(key)}:${json}`;
}

/**
 * Orders strings by code points, which is the order of their UTF-8 bytes. JavaScript's own order differs: it puts
 * what needs a surrogate pair (U+10000 and above) before U+E000 … U+FFFF.
 *
 * @returns negative when `a` comes first, positive when `b` does, 0 when they are equal
 */
function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    if (a[i] !== b[i]) return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
  return isSurrogate ? unit + 0x10000 : unit;
}
