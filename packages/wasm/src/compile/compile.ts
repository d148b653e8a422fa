import type { Tensor } from '@tensorflow/tfjs-core';
import { CompiledStep } from './compiled-step.js';
import { hasRelaxedSimd } from '../kernels/kernel-binaries.js';
import { checkRecorded } from './check-recorded.js';
import type { RehearsalTime } from './recorded-step.js';
import type { Feed } from './program/feed.js';
import type { Program } from './program/program.js';
import type { OutputValues, StepOutput } from './record/trace.js';

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * When the step's JavaScript is run again, with kernels that compute nothing, and compared with what was recorded:
   *
   * - `'always'`, before each call. A number, flag or tensor that the step captures and that has changed is an error at the first
   *   call that would have used the old one. It costs about what the step's JavaScript costs without `compile`.
   * - `'sometimes'`, before the 2nd, 5th, 17th, 65th … call with a set of input shapes, and by `rehearse()`; once that has found a
   *   change, before each call. It costs nothing in a long run. What changes for good is found, late: call `rehearse()` at the end.
   * - `'never'`: you answer for it that what the step captures never changes. But a captured tensor or variable that has been
   *   disposed of is an error.
   *
   * Default: `'always'`.
   */
  readonly rehearse?: RehearsalTime;
  /**
   * Whether matrix products may use relaxed SIMD where the engine has it: faster, and rounded differently from tfjs' and from engine to
   * engine, by up to 1e-4 over some hundred steps. Without it, the same numbers come from every engine. Their kernels are loaded by
   * `startBackend({ relaxedSimd: true })`.
   *
   * Default: false.
   */
  readonly relaxedSimd?: boolean;
  /**
   * How many sets of input shapes are kept compiled; the least recently used goes first.
   *
   * Default: 16.
   */
  readonly cacheSize?: number;
}

/** Arguments of a compiled step: for each tensor also its values, or a number for a scalar. */
export type Feeds<Inputs extends readonly Tensor[]> = {
  readonly [Key in keyof Inputs]: Inputs[Key] | Feed;
};

/** How a compiled step rounds. */
export type Arithmetic = 'compiled' | 'compiled, relaxed SIMD';

/** A step that is replayed. */
export interface Compiled<Inputs extends readonly Tensor[], Output extends StepOutput> {
  /** Does what the step does. The caller disposes of the tensors it returns. */
  (...inputs: Feeds<Inputs>): Output;
  /** Does what the step does and returns the values of its tensors, without making any. */
  read(...inputs: Feeds<Inputs>): OutputValues<Output>;
  /**
   * Does what the step does and writes the values of the one tensor that it returns, row-major, into an array of the caller's, which may be
   * a view of a `SharedArrayBuffer`: nothing is allocated.
   *
   * @param target - as long as the tensor
   * @throws TypeError unless the target is a Float32Array and the step returns one float32 tensor; RangeError when their lengths differ. Only
   * where the call is a recording, since the step made variables, has the step run by then
   */
  readInto(target: Float32Array, ...inputs: Feeds<Inputs>): void;
  /**
   * How it rounds: `'compiled'` gives the same digits in every engine, `'compiled, relaxed SIMD'` others. Runs of different arithmetic
   * aren't the same run.
   */
  readonly arithmetic: Arithmetic;
  /** What the last call ran, for its input shapes; undefined where that recorded only, because the step made variables. */
  readonly program: Program | undefined;
  /**
   * Compares what is compiled with what the step would do now, whatever {@link CompileOptions.rehearse} says.
   *
   * @throws Error that says what the step captures and has changed
   */
  rehearse(): void;
  /** Frees the memory. The step can't be called after that. */
  dispose(): void;
}

/**
 * Makes a step fast: at its first call its JavaScript runs two or three times while every kernel is recorded, and none computed; then, at
 * that call and from then on, the recording is replayed in fixed memory, with variables updated in place. A step that makes variables or
 * keeps tensors at its first call, or calls a kernel of whose results nothing is known beforehand, runs as it is in that recording.
 *
 * What varies from call to call is an argument or a `tf.variable`. All else that a step captures is part of the recording: numbers, flags,
 * tensors, what closures reach, the state of modules, which variables there are. Before each replay the step's JavaScript is run
 * once more without computing ({@link CompileOptions.rehearse}), and where it would now do anything else, with any other number, the call is
 * an Error that says what differs, and changes nothing. So what a compiled step gives is what the step would give, or an error, unless
 * `rehearse` is set to less.
 *
 * A step must be synchronous, not read tensors, and run the same operations each time; numbers that are drawn or read from a
 * clock within it are refused. It may take gradients and assign to variables; within another recording or a gradient's tape it
 * runs as it is.
 *
 * @param step - from tensors to tensors
 * @throws TypeError when the step is no function, or an async one or a generator; RangeError when an option isn't one of its values;
 * from the calls an Error that says what can't be recorded or has changed
 */
export function compile<Inputs extends readonly Tensor[], Output extends StepOutput>(
  step: (...inputs: Inputs) => Output,
  options: CompileOptions = {},
): Compiled<Inputs, Output> {
  const { relaxedSimd = false, cacheSize = 16, rehearse = 'always' } = options;
  checkRecorded(step, { rehearse, cacheSize });
  const compiled = new CompiledStep(step, { relaxedSimd, rehearse, cacheSize });
  const call = (...inputs: Feeds<Inputs>): Output => compiled.call(inputs);
  const read = (...inputs: Feeds<Inputs>): OutputValues<Output> => compiled.read(inputs);
  const readInto = (target: Float32Array, ...inputs: Feeds<Inputs>): void =>
    compiled.readInto(target, inputs);
  const parts: Pick<Compiled<Inputs, Output>, keyof Compiled<Inputs, Output>> = {
    arithmetic: relaxedSimd && hasRelaxedSimd() ? 'compiled, relaxed SIMD' : 'compiled',
    read,
    readInto,
    rehearse: () => compiled.rehearse(),
    dispose: () => compiled.dispose(),
    program: undefined,
  };
  return Object.defineProperty(Object.assign(call, parts), 'program', {
    get: () => compiled.program,
  });
}
