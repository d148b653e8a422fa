export { SafetensorsError } from './error.js';
export { readHeader, type SafetensorsHeader } from './header.js';
export { readSafetensors, type SafetensorsFile } from './read.js';
export {
  DTYPES,
  type Dtype,
  type TensorArrays,
  type TensorData,
  type TensorInfo,
} from './types.js';
export { writeSafetensors } from './write.js';
