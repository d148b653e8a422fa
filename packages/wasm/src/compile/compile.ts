import type { Tensor } from '@tensorflow/tfjs-core';
import { CompiledStep } from './compiled-step.js';
import type { Feed } from './program/feed.js';
import type { Program } from './program/program.js';
import type { OutputValues, StepOutput } from './record/trace.js';

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Whether matrix products may use relaxed SIMD where the engine has it: faster, and rounded differently from tfjs' by
   * up to 1e-4 over some hundred steps.
   *
   * @defaultValue true
   */
  readonly relaxedSimd?: boolean;
  /**
   * How many sets of input shapes are kept compiled; the least recently used goes first.
   *
   * @defaultValue 16
   */
  readonly cacheSize?: number;
}

/** Arguments of a compiled step: for each tensor also its values, or a number for a scalar. */
export type Feeds<Inputs extends readonly Tensor[]> = {
  readonly [Key in keyof Inputs]: Inputs[Key] | Feed;
};

/** A step that is replayed. */
export interface Compiled<Inputs extends readonly Tensor[], Output extends StepOutput> {
  /** Does what the step does. The caller disposes of the tensors it returns. */
  (...inputs: Feeds<Inputs>): Output;
  /** Does what the step does and returns the values of its tensors, without making any. */
  read(...inputs: Feeds<Inputs>): OutputValues<Output>;
  /** What the last call ran, for its input shapes; undefined where that recorded only, because the step made variables. */
  readonly program: Program | undefined;
  /** Frees the memory. The step can't be called after that. */
  dispose(): void;
}

/**
 * Makes a step fast: at its first call it is run as usual two or three times while every kernel is recorded, and variables
 * are put back each time; then the recording is replayed in fixed memory, with variables updated in place, at that call and
 * from then on.
 *
 * A replay calls no JavaScript of the step. What varies from call to call must therefore be an argument or a
 * `tf.variable`: numbers and tensors made within the step are found to change and refused, not frozen. Tensors must not
 * be read within the step, and it must run the same operations each time. The step may take gradients and assign to
 * variables; within another recording or a gradient's tape it runs as it is.
 *
 * @param step - from tensors to tensors; it is called two or three times with each set of input shapes, then replayed
 * @throws RangeError when cacheSize isn't a whole number of at least 1; from the calls an Error that says what can't be
 * recorded
 */
export function compile<Inputs extends readonly Tensor[], Output extends StepOutput>(
  step: (...inputs: Inputs) => Output,
  options: CompileOptions = {},
): Compiled<Inputs, Output> {
  const { relaxedSimd = true, cacheSize = 16 } = options;
  if (!Number.isSafeInteger(cacheSize) || cacheSize < 1) {
    throw new RangeError(
      `compile: cacheSize must be a whole number of at least 1; got ${cacheSize}`,
    );
  }
  const compiled = new CompiledStep(step, { relaxedSimd, cacheSize });
  const call = (...inputs: Feeds<Inputs>): Output => compiled.call(inputs);
  const read = (...inputs: Feeds<Inputs>): OutputValues<Output> => compiled.read(inputs);
  const parts: Pick<Compiled<Inputs, Output>, 'read' | 'dispose' | 'program'> = {
    read,
    dispose: () => compiled.dispose(),
    program: undefined,
  };
  return Object.defineProperty(Object.assign(call, parts), 'program', {
    get: () => compiled.program,
  });
}
