export {
  compile,
  type Arithmetic,
  type Compiled,
  type CompileOptions,
  type Feeds,
} from './compile/compile.js';
export type { RehearsalTime } from './compile/recorded-step.js';
export type { Feed, TensorValues } from './compile/program/feed.js';
export type { Program, ProgramStats } from './compile/program/program.js';
export type { OutputValues, StepOutput, ValuesOf } from './compile/record/trace.js';
export { MemoryError } from './kernels/wasm-memory.js';
export type { NumericArray, NumericType, TensorType } from './kernels/tensor-type.js';
export { startBackend, type BackendInfo, type StartBackendOptions } from './start-backend.js';
