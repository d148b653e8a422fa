export type { BackendInfo } from './start-backend.js';
export type { Account } from './compile/program/program.js';
export { compile, type Compiled, type CompileOptions, type Feeds } from './compile/compile.js';
export type { Feed, TensorValues } from './compile/program/feed.js';
export type { Program } from './compile/program/program.js';
export type { OutputValues, StepOutput, ValuesOf } from './compile/record/trace.js';
export { MemoryError } from './kernels/memory-error.js';
export type { NumericArray } from './kernels/tensor-type.js';
export { startBackend, type StartBackendOptions } from './start-backend.js';
