export {
  compilerFor,
  type GpuCompile,
  type GpuCompiled,
  type GpuCompileOptions,
  type GpuFeeds,
  type GpuProgramStats,
} from './compiler-for.js';
export { GpuError, type GpuErrorOptions } from './gpu-error.js';
export { openGpu, type Gpu, type OpenGpuOptions } from './open-gpu.js';
