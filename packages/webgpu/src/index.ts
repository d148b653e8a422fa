export {
  compilerFor,
  type GpuCompile,
  type GpuCompiled,
  type GpuCompileOptions,
  type GpuFeeds,
} from './compiler-for.js';
export { GpuError } from './gpu-error.js';
export { openGpu, type Gpu, type OpenGpuOptions } from './open-gpu.js';
export type { GpuProgram } from './program/gpu-program.js';
