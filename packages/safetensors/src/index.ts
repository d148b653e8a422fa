export { SafetensorsError } from './error.js';
export { readHeader, type SafetensorsHeader } from './header.js';
export { JsonError, parseJson, type JsonLimits } from './json.js';
export { readSafetensors, type SafetensorsFile } from './read.js';
export {
  DTYPES,
  type Dtype,
  type TensorArrays,
  type TensorData,
  type TensorInfo,
} from './types.js';
export { writeSafetensors } from './write.js';
