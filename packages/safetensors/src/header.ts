import {
  elementCount,
  isCount,
  isObject,
  isWellFormed,
  MAX_HEADER_BYTES,
  METADATA_KEY,
  MOST_NAME_CHARACTERS,
  MOST_SIZES,
  MOST_TENSORS,
  PREFIX_BYTES,
} from './checks.js';
import { SafetensorsError, show } from './error.js';
import { JsonError, parseJson } from './json.js';
import { ARRAY_TYPES, DTYPES, isDtype, type TensorInfo } from './types.js';

/** The header itself, the entry of a tensor, its shape. */
const DEPTH = 3;

/** For each tensor its entry with type, shape and offsets, and texts besides. */
const MOST_VALUES = 20 * MOST_TENSORS;

/** What a file's header says. */
export interface SafetensorsHeader {
  /** The tensors' entries, by name. */
  readonly tensors: Record<string, TensorInfo>;
  /** Texts by name; none where the file has none. */
  readonly metadata: Record<string, string>;
  /** The length of the whole file in bytes. */
  readonly fileBytes: number;
}

/**
 * Reads a file's header. The first bytes of a file suffice, as long as they hold the header: 8 bytes, and as many more
 * as these say.
 *
 * Source of the rules: "Format" in the README of huggingface/safetensors.
 *
 * @param bytes - a file, or its beginning
 * @throws SafetensorsError when the header is incomplete or breaks a rule of the format
 * @throws TypeError when `bytes` isn't a `Uint8Array`
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      'readHeader: bytes must be a Uint8Array; wrap an ArrayBuffer as new Uint8Array(buffer)',
    );
  }
  const dataStart = PREFIX_BYTES + headerLength(bytes);
  const entries = Object.entries(parseHeader(headerText(bytes, dataStart)));
  const metadata = entries.find(([name]) => name === METADATA_KEY)?.[1] ?? {};
  if (entries.length > MOST_TENSORS) {
    throw new SafetensorsError(
      `the header may name ${MOST_TENSORS} tensors; got ${entries.length}; split the file`,
    );
  }
  const tensors = entries
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, entry]) => [name, parseTensorInfo(name, entry, dataStart)] as const);
  return {
    tensors: record(tensors),
    metadata: parseMetadata(metadata),
    fileBytes: checkLayout(tensors, dataStart),
  };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES) {
    throw new SafetensorsError(
      `a file has at least ${PREFIX_BYTES} bytes; got ${bytes.length}; the file is truncated, write it again`,
    );
  }
  const prefix = new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES);
  const length = prefix.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new SafetensorsError(
      `the header may have ${MAX_HEADER_BYTES} bytes; the first 8 bytes say ${length}; is this a safetensors file?`,
    );
  }
  const end = PREFIX_BYTES + Number(length);
  if (end > bytes.length) {
    throw new SafetensorsError(
      `the header ends at byte ${end} but the file has ${bytes.length} bytes; the file is truncated, write it again`,
    );
  }
  return Number(length);
}

function headerText(bytes: Uint8Array, end: number): string {
  // a copy, because browsers don't decode shared memory
  const header = new Uint8Array(bytes.subarray(PREFIX_BYTES, end));
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new SafetensorsError('the header is not UTF-8; is this a safetensors file?', { cause });
  }
  if (!text.startsWith('{')) {
    const found = text === '' ? 'no header' : show(text.slice(0, 1));
    throw new SafetensorsError(
      `the header must begin with "{"; got ${found}; is this a safetensors file?`,
    );
  }
  return text;
}

function parseHeader(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = parseJson(text, { where: 'the header', depth: DEPTH, values: MOST_VALUES });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new SafetensorsError(`${cause.message}; write the file again`, { cause });
  }
  if (!isObject(header)) throw new SafetensorsError('the header must be a JSON object');
  return header;
}

/**
 * One tensor's entry in the header, checked by itself; `checkLayout` checks its position among the others.
 *
 * @param entry - the parsed JSON
 * @param dataStart - the byte at which the numbers begin, from which the entry's own offsets count
 * @throws SafetensorsError when a field is missing or wrong, or the offsets don't fit type and shape
 */
function parseTensorInfo(name: string, entry: unknown, dataStart: number): TensorInfo {
  const where = `tensor ${show(name)}`;
  if (!isWellFormed(name)) throw new SafetensorsError(`${where} has a name that isn't Unicode`);
  if (name.length > MOST_NAME_CHARACTERS) {
    throw new SafetensorsError(
      `${where} may have a name of ${MOST_NAME_CHARACTERS} characters; got ${name.length}`,
    );
  }
  if (!isObject(entry)) {
    throw new SafetensorsError(`${where} must be an object; got ${show(entry)}`);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) {
    throw new SafetensorsError(`${where} has dtype ${show(dtype)}; known are ${DTYPES.join(', ')}`);
  }
  const count = elementCount(shape);
  if (count === undefined || !Array.isArray(shape)) {
    throw new SafetensorsError(
      `${where} must have a shape of whole numbers whose product is below 2^53; got ${show(shape)}`,
    );
  }
  if (shape.length > MOST_SIZES) {
    throw new SafetensorsError(
      `${where} may have ${MOST_SIZES} sizes in its shape; got ${shape.length}`,
    );
  }
  if (!isRange(offsets)) {
    throw new SafetensorsError(
      `${where} must have data_offsets [begin, end] with begin <= end; got ${show(offsets)}`,
    );
  }
  const [begin, end] = offsets;
  const needed = count * ARRAY_TYPES[dtype].BYTES_PER_ELEMENT;
  if (end - begin !== needed) {
    throw new SafetensorsError(
      `${where} is ${dtype} of shape ${show(shape)}, ${needed} bytes, but has ${end - begin} bytes; write the file again`,
    );
  }
  return { dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function isRange(offsets: unknown): offsets is readonly [number, number] {
  return (
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount) &&
    offsets[0] <= offsets[1]
  );
}

/**
 * The header's `__metadata__`, checked.
 *
 * @throws SafetensorsError unless it maps strings to strings
 */
function parseMetadata(value: unknown): Record<string, string> {
  if (!isObject(value)) {
    throw new SafetensorsError(`${METADATA_KEY} must be an object; got ${show(value)}`);
  }
  return record(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string' || !isWellFormed(key) || !isWellFormed(text)) {
        throw new SafetensorsError(
          `${METADATA_KEY} maps strings to strings; under ${show(key)} it holds ${show(text)}`,
        );
      }
      return [key, text];
    }),
  );
}

/**
 * Checks that the tensors lie one after the other from `dataStart` on, without a hole and without overlap.
 *
 * @returns the length that the whole file must have, in bytes
 * @throws SafetensorsError naming the first tensor at the wrong offset
 */
function checkLayout(
  tensors: readonly (readonly [string, TensorInfo])[],
  dataStart: number,
): number {
  const inFileOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let expected = dataStart;
  for (const [name, { begin, end }] of inFileOrder) {
    if (begin !== expected) {
      const fault = begin < expected ? 'overlap' : 'leave a hole';
      throw new SafetensorsError(
        `tensor ${show(name)} begins at byte ${begin} but the data before it ends at byte ${expected}; tensors must not ${fault}, write the file again`,
      );
    }
    expected = end;
  }
  return expected;
}

/**
 * An object with these entries and nothing inherited: names come from files, and a tensor may be called
 * `__proto__` or `constructor`.
 */
export function record<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const result = Object.fromEntries(entries); // defines properties, so `__proto__` is one like any other
  Object.setPrototypeOf(result, null);
  return result;
}
