import { tensor, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkSizes } from '../checks.js';
import type { LanguageModel, TokenStream } from '../language-model.js';

/** A function from tokens to scores that is called many times. */
export interface CompiledScores {
  /** Scores as values, `[B, V]` row-major, of tokens as values. */
  read(tokens: { readonly values: Int32Array; readonly shape: number[] }): ArrayLike<number>;
  /** Frees what it holds. */
  dispose(): void;
}

/** Makes a function of tokens fast; `compile` of `@llm101/wasm` is one. */
export type Compile = (step: (tokens: Tensor) => Tensor2D) => CompiledScores;

/** Settings of {@link nextTokenScores}. */
export interface NextTokenScoresOptions {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
  /** How the model is run. Default: every operation by itself. */
  readonly compile?: Compile | undefined;
}

/** Scores the tokens that may follow contexts. */
export interface NextTokenScores {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
  /**
   * A model with a stream reads only the last token of each context where every context is empty or the array of the last
   * call in the same row, one token longer; else all of them again.
   *
   * @param contexts - at most `rows`, of any lengths; undefined for a row that isn't needed. Token 0 begins a sequence, and
   * one that the model doesn't know, from V on, hides what is before it
   * @returns `[rows, V]`, unnormalised log-probabilities, valid until the next call; of rows without a context they mean
   * nothing
   */
  read(contexts: readonly (readonly number[] | undefined)[]): Float32Array;
  /** Frees what it made, not the model. */
  dispose(): void;
}

/** Windows that a compiled model reads at once: few, as a batch is filled up with padding when sequences have ended. */
const WINDOWS = 32;

/**
 * A scorer of what comes next, by the fastest path that a model has: token by token where it has a stream, with its current
 * parameters; else in windows, padded on the left with token 0. A compiled function always gets batches of the same size,
 * so that it is recorded once.
 *
 * @throws RangeError when `rows` isn't a whole number of at least 1
 */
export function nextTokenScores(
  model: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  checkSizes('nextTokenScores', { rows });
  const stream = model.stream?.(rows);
  return stream === undefined
    ? windowScores(model, { rows, compile })
    : streamScores(stream, model, { rows, compile });
}

function windowScores(
  model: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  const { contextSize: T, vocabSize: V } = model;
  const most = compile === undefined ? rows : Math.min(rows, WINDOWS);
  const scores = (compile ?? interpret)((tokens) => model.logits(tokens as Tensor2D));
  const result = new Float32Array(rows * V);
  const windows = new Int32Array(most * T);
  /** Writes what a model sees of a context before the end of its window. */
  const fill = (context: readonly number[], end: number): void => {
    for (let back = 1; back <= Math.min(T, context.length); back++) {
      const token = context[context.length - back];
      if (token >= V) return;
      windows[end - back] = token;
    }
  };
  return {
    rows,
    read(contexts) {
      const needed = Array.from(contexts.keys()).filter((row) => contexts[row] !== undefined);
      for (let first = 0; first < needed.length; first += most) {
        const batch = needed.slice(first, first + most);
        windows.fill(0);
        for (const [i, row] of batch.entries()) fill(contexts[row] ?? [], (i + 1) * T);
        const size = compile === undefined ? batch.length : most;
        const found = scores.read({ values: windows.subarray(0, size * T), shape: [size, T] });
        for (const [i, row] of batch.entries()) {
          for (let token = 0; token < V; token++) result[row * V + token] = found[i * V + token];
        }
      }
      return result;
    },
    dispose: () => scores.dispose(),
  };
}

function streamScores(
  stream: TokenStream,
  { vocabSize: V }: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  const scores = (compile ?? interpret)((tokens) => stream.next(tokens as Tensor1D));
  const result = new Float32Array(rows * V);
  /** The context that each row has read, and how long it was. */
  const known: { context: readonly number[] | undefined; length: number }[] = [];
  /** Columns of tokens to read: all of the longest context, with the token 0 that begins it, or the newest one. */
  const countColumns = (contexts: readonly (readonly number[] | undefined)[]): number => {
    let [longest, isNew] = [0, false];
    for (let row = 0; row < rows; row++) {
      const context = contexts.at(row);
      const length = context?.length ?? 0;
      longest = Math.max(longest, length);
      isNew ||= length > 0 && (known[row]?.context !== context || known[row].length !== length - 1);
      known[row] = { context, length };
    }
    return isNew ? longest + 1 : 1;
  };
  const tokens = new Int32Array(rows);
  return {
    rows,
    read(contexts) {
      for (let back = countColumns(contexts) - 1; back >= 0; back--) {
        tokens.fill(0);
        for (const [row, context = []] of contexts.entries()) {
          const token = context[context.length - 1 - back] ?? 0;
          tokens[row] = token < V ? token : 0;
        }
        result.set(scores.read({ values: tokens, shape: [rows] }));
      }
      return result;
    },
    dispose() {
      scores.dispose();
      stream.dispose();
    },
  };
}

/** Runs a function as it is. */
const interpret: Compile = (step) => ({
  read({ values, shape }) {
    let scores: ArrayLike<number> = [];
    // Nothing is returned from tidy: it would look through every value for tensors.
    tidy(() => {
      scores = step(tensor(values, shape, 'int32')).dataSync();
    });
    return scores;
  },
  dispose() {},
});
