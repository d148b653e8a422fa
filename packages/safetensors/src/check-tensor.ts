import { ARRAY_TYPES, DTYPES, isDtype } from './dtypes.js';
import { elementCount } from './element-count.js';
import { isWellFormed } from './is-well-formed.js';
import { METADATA_KEY } from './limits.js';
import { show } from './show.js';
import type { TensorData } from './tensor-data.js';

/**
 * @throws TypeError when the dtype is unknown or the data another kind of array than the dtype's
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
