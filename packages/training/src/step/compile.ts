import { getBackend, Tensor, tensor, tidy } from '@tensorflow/tfjs-core';

/** The values of an argument without a tensor around them, row-major. */
export interface TensorValues {
  /** As many as the product of the shape. */
  readonly values: Float32Array | Int32Array;
  readonly shape: number[];
}

/** For each tensor that a function takes, itself or its values. */
export type Feeds<Inputs extends readonly Tensor[]> = {
  readonly [Key in keyof Inputs]: Inputs[Key] | TensorValues;
};

/** A function of tensors that was compiled. */
export interface Compiled<Inputs extends readonly Tensor[], Output extends Tensor> {
  /** The caller disposes of the result. */
  (...inputs: Inputs): Output;
  /** The values of the result, row-major, without a tensor to dispose of. */
  read(...inputs: Feeds<Inputs>): ArrayLike<number>;
  /**
   * Writes the values of the result, row-major, into an array, which may be a view of a `SharedArrayBuffer`, as those of arguments may be.
   *
   * @param target - as long as the result
   */
  readInto(target: Float32Array, ...inputs: Feeds<Inputs>): void;
  /**
   * The values of the result, row-major, once they are there: of a function that is computed elsewhere, as on a GPU. Where it is
   * there, a call, `read` and `readInto` throw. Arguments are read before it returns. Calls are done in their order, each may be made before the
   * answers to those before it, and answers come in that order too.
   */
  readLater?(...inputs: Feeds<Inputs>): Promise<ArrayLike<number>>;
  /**
   * Brings what calls of `readLater` have assigned to variables to their tensors, once all of them are done; until then these
   * have the values from before. Variables that others assign to meanwhile are another matter: the next call has them. Beside `readLater` only.
   */
  sync?(): Promise<void>;
  /**
   * How it rounds, in words: functions that round alike give the same digits. A checkpoint says how its run was trained, and a run that
   * rounds otherwise doesn't resume from it.
   */
  readonly arithmetic?: string;
  /**
   * Throws where what the function captures has changed since it was compiled, so that the function as it is would now do something
   * else.
   */
  rehearse?(): void;
  /** Frees what it holds; the function can't be called after that. */
  dispose(): void;
}

/** How a function is to be compiled. */
export interface CompileSettings {
  /** How often to see by itself whether what the function captures has changed: not at each call, which takes its time. */
  readonly rehearse: 'sometimes';
}

/**
 * Makes a function fast; `compile` of `@llm101/wasm` is one. What is trained or evaluated here is compiled with `rehearse: 'sometimes'`, and
 * rehearsed where it ends.
 */
export type Compile = <Inputs extends readonly Tensor[], Output extends Tensor>(
  step: (...inputs: Inputs) => Output,
  settings?: CompileSettings,
) => Compiled<Inputs, Output>;

/** Runs a function as it is, without a compiler. */
export const interpret: Compile = <Inputs extends readonly Tensor[], Output extends Tensor>(
  step: (...inputs: Inputs) => Output,
) =>
  Object.assign((...inputs: Inputs) => step(...inputs), {
    read: (...feeds: Feeds<Inputs>) => read(step, feeds),
    readInto(target: Float32Array, ...feeds: Feeds<Inputs>) {
      const values = read(step, feeds);
      if (values.length !== target.length) {
        throw new RangeError(
          `interpret: the target of readInto must be as long as the result, ${values.length}; got ${target.length}`,
        );
      }
      target.set(values);
    },
    arithmetic: `uncompiled on ${getBackend()}`,
    dispose() {},
  });

function read<Inputs extends readonly Tensor[]>(
  step: (...inputs: Inputs) => Tensor,
  feeds: Feeds<Inputs>,
): ArrayLike<number> {
  let result: ArrayLike<number> = [];
  // Nothing is returned from tidy: it would look through every value for tensors, 40 ms a validation.
  tidy(() => {
    const inputs = feeds.map((feed) => (feed instanceof Tensor ? feed : tensorOf(feed)));
    result = step(...(inputs as readonly Tensor[] as Inputs)).dataSync(); // bounded: a step's own
  });
  return result;
}

const tensorOf = ({ values, shape }: TensorValues): Tensor =>
  tensor(values, shape, values instanceof Int32Array ? 'int32' : 'float32');
