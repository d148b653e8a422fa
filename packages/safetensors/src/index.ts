export { DTYPES, type Dtype } from './dtypes.js';
export { readHeader, type SafetensorsHeader } from './read-header.js';
export { readSafetensors, type SafetensorsFile } from './read-safetensors.js';
export { SafetensorsError } from './safetensors-error.js';
export type { TensorArrays, TensorData } from './tensor-data.js';
export type { TensorInfo } from './tensor-info.js';
export { writeSafetensors } from './write-safetensors.js';
