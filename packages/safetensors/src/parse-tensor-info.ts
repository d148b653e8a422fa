import { ARRAY_TYPES, DTYPES, isDtype } from './dtypes.js';
import { elementCount, isCount } from './element-count.js';
import { isObject } from './is-object.js';
import { isWellFormed } from './is-well-formed.js';
import { SafetensorsError } from './safetensors-error.js';
import { show } from './show.js';
import type { TensorInfo } from './tensor-info.js';

/**
 * One tensor's entry in the header, checked by itself; where it lies among the others is `checkLayout`'s concern.
 *
 * @param entry - what JSON gave
 * @param dataStart - the byte at which the numbers begin, from which the entry's own offsets count
 * @throws SafetensorsError when a field is missing or wrong, or the offsets don't fit type and shape
 */
export function parseTensorInfo(name: string, entry: unknown, dataStart: number): TensorInfo {
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
