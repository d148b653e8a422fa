import {
  elementCount,
  isCount,
  isObject,
  isWellFormed,
  MAX_HEADER_BYTES,
  METADATA_KEY,
  PREFIX_BYTES,
} from './checks.js';
import { SafetensorsError, show } from './error.js';
import { ARRAY_TYPES, DTYPES, isDtype, type TensorInfo } from './types.js';

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
  const entries = Object.entries(parseJson(headerText(bytes, dataStart)));
  const metadata = entries.find(([name]) => name === METADATA_KEY)?.[1] ?? {};
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

function parseJson(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SafetensorsError(`the header is not JSON (${reason}); write the file again`, {
      cause,
    });
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) {
    throw new SafetensorsError(
      `the header holds the key ${show(duplicate)} twice in one object; write the file again`,
    );
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
 * The first key that occurs twice in one object of a JSON text. `JSON.parse` keeps the last value silently.
 *
 * @param json - text that `JSON.parse` accepts
 */
function findDuplicateKey(json: string): string | undefined {
  const keysOfOpenObjects: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{') keysOfOpenObjects.push(new Set());
    else if (character === '}') keysOfOpenObjects.pop();
    else if (character === '"') {
      const start = i;
      i = closingQuote(json, start);
      const keys = keysOfOpenObjects.at(-1);
      if (keys === undefined || !isKey(json, i + 1)) continue;
      const key = String(JSON.parse(json.slice(start, i + 1)));
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function closingQuote(json: string, openingQuote: number): number {
  let i = openingQuote + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i;
}

/** In a JSON text, a string is a key if and only if a colon follows it. */
function isKey(json: string, afterString: number): boolean {
  let i = afterString;
  while (' \t\r\n'.includes(json[i])) i++;
  return json[i] === ':';
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
