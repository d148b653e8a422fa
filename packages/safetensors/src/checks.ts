import { show } from './error.js';
import { ARRAY_TYPES, DTYPES, isDtype, type TensorData } from './types.js';

/** Bytes before the header: its length, an unsigned 64-bit number, little-endian. */
export const PREFIX_BYTES = 8;

/** The longest header that the format allows, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

/** How many entries a header may have. */
export const MOST_TENSORS = 100_000;

/** How long a tensor's name may be, in UTF-16 code units. */
export const MOST_NAME_CHARACTERS = 1000;

/** How many sizes a shape may have, as in PyTorch. */
export const MOST_SIZES = 64;

/** The header's key for metadata. */
export const METADATA_KEY = '__metadata__';

/**
 * The number of elements of a shape, 1 for `[]`.
 *
 * @returns `undefined` when `shape` isn't a list of whole numbers from 0, or when the product is 2^53 or more
 */
export function elementCount(shape: unknown): number | undefined {
  if (!Array.isArray(shape)) return undefined;
  let count = 1;
  for (const size of shape as readonly unknown[]) {
    if (!isCount(size)) return undefined;
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** Whether `value` is a whole number from 0 to 2^53 - 1. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0);
}

/** Whether a parsed JSON value is an object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `text` can be written as UTF-8, that is, has no half of a surrogate pair alone. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/**
 * Files are little-endian and typed arrays have the machine's byte order; bytes are copied between them unconverted.
 *
 * @throws Error on a big-endian machine
 */
export function checkLittleEndian(where: string): void {
  const [lowByte] = new Uint8Array(Uint16Array.of(1).buffer);
  if (lowByte !== 1) {
    throw new Error(`${where}: this machine is big-endian, which isn't supported`);
  }
}

/**
 * @throws TypeError unless each value of `metadata` is a string
 * @throws RangeError when a key or a value isn't Unicode
 */
export function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(metadata)) {
    const where = `writeSafetensors: metadata ${show(key)}`;
    if (typeof text !== 'string') {
      throw new TypeError(
        `${where} must be a string; got ${typeof text}; write it as JSON.stringify(value)`,
      );
    }
    if (!isWellFormed(key) || !isWellFormed(text)) {
      throw new RangeError(`${where} must be Unicode; got half of a surrogate pair`);
    }
  }
}

/**
 * @throws TypeError when the dtype is unknown or the data isn't the dtype's kind of array
 * @throws RangeError when the shape doesn't fit the data, the name can't be written, or a BOOL is neither 0 nor 1
 */
export function checkTensor(name: string, { dtype, shape, data }: TensorData): void {
  const where = `writeSafetensors: tensor ${show(name)}`;
  if (name === METADATA_KEY) {
    throw new RangeError(`${where}: the format keeps this name for metadata; choose another`);
  }
  if (!isWellFormed(name)) {
    throw new RangeError(`${where}: a name must be Unicode; got half of a surrogate pair`);
  }
  if (name.length > MOST_NAME_CHARACTERS || shape.length > MOST_SIZES) {
    throw new RangeError(
      `${where}: a name may have ${MOST_NAME_CHARACTERS} characters and a shape ${MOST_SIZES} sizes; ` +
        `got ${name.length} and ${shape.length}`,
    );
  }
  if (!isDtype(dtype)) {
    throw new TypeError(`${where}: dtype must be one of ${DTYPES.join(', ')}; got ${show(dtype)}`);
  }
  if (!(data instanceof ARRAY_TYPES[dtype])) {
    throw new TypeError(`${where}: ${dtype} is held in a ${ARRAY_TYPES[dtype].name}`);
  }
  const count = elementCount(shape);
  if (count !== data.length) {
    throw new RangeError(
      `${where}: shape ${show(shape)} must have as many elements as the data; the data has ${data.length}`,
    );
  }
  if (dtype === 'BOOL') checkBooleans(where, data);
}

function checkBooleans(where: string, data: Uint8Array): void {
  const wrong = data.findIndex((value) => value > 1);
  if (wrong !== -1) {
    throw new RangeError(`${where}: a BOOL is 0 or 1; element ${wrong} is ${data[wrong]}`);
  }
}
