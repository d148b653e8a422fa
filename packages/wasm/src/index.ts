export type { BackendInfo } from './backend-info.js';
export type { Account } from './compile/account.js';
export { compile, type Compiled, type CompileOptions, type Feeds } from './compile/compile.js';
export type { Feed, TensorValues } from './compile/feed.js';
export type { Program } from './compile/program.js';
export type { OutputValues, StepOutput, ValuesOf } from './compile/step-output.js';
export { MemoryError } from './memory-error.js';
export type { NumericArray } from './reference/numeric-array.js';
export { startBackend, type StartBackendOptions } from './start-backend.js';
