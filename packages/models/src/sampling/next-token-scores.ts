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
export type Compile = (
  step: (tokens: Tensor) => Tensor2D,
  settings?: {
    /** How often to see whether what the function captures has changed: not for each token. */
    readonly rehearse: 'sometimes';
  },
) => CompiledScores;

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
   * @param contexts - at most `rows`, of any lengths; undefined for a row that isn't needed. The model sees the last T tokens,
   * token 0 alone where there are none. A token that it doesn't know, from V on, hides what is before it
   * @returns `[rows, V]`, unnormalised log-probabilities, valid until the next call; of rows without a context they mean
   * nothing
   * @throws RangeError when there are more contexts than rows, or the model doesn't give V scores for each
   */
  read(contexts: readonly (readonly number[] | undefined)[]): Float32Array;
  /** Frees what it made, not the model. */
  dispose(): void;
}

/** Windows that a compiled model reads at once: few, as a batch is filled up with padding when sequences have ended. */
const WINDOWS = 32;

/**
 * A scorer of what comes next, by the fastest path that a model has: token by token where it has a stream, with its current
 * parameters; else the last T tokens of each context, filled on the left with token 0 where the model says so
 * (`padsContexts`) and as short as they are where it doesn't. A compiled function always gets as many rows, so that it is
 * recorded once for each length that there is.
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

/** Whether a model sees its contexts as they are: token 0 doesn't begin them. */
export function seesContextsAsTheyAre(model: LanguageModel): boolean {
  return model.padsContexts !== true && model.stream === undefined;
}

function windowScores(
  model: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  const { contextSize: T, vocabSize: V, padsContexts = false } = model;
  const most = compile === undefined ? rows : Math.min(rows, WINDOWS);
  const scores = (compile ?? interpret)((tokens) => model.logits(tokens as Tensor2D), {
    rehearse: 'sometimes',
  });
  const result = new Float32Array(rows * V);
  const windows = new Int32Array(most * T);
  /** How many tokens of a context the model sees. */
  const countSeen = (context: readonly number[]): number => {
    const limit = Math.min(T, context.length);
    let seen = 0;
    while (seen < limit && context[context.length - 1 - seen] < V) seen++;
    return seen;
  };
  /** Scores contexts of which the model sees `width` tokens at most, filled on the left with token 0. */
  const score = (batch: readonly Row[], width: number): void => {
    const size = compile === undefined ? batch.length : most;
    windows.fill(0, 0, size * width);
    for (const [i, { context, seen }] of batch.entries()) {
      const from = context.length - seen;
      for (let k = 0; k < seen; k++) windows[(i + 1) * width - seen + k] = context[from + k];
    }
    const shape = [size, width];
    const values = windows.subarray(0, size * width);
    const found = scores.read({ values, shape });
    if (found.length !== size * V) throw otherScores(found.length, size, V);
    for (const [i, { row }] of batch.entries()) {
      for (let token = 0; token < V; token++) result[row * V + token] = found[i * V + token];
    }
  };
  return {
    rows,
    read(contexts) {
      checkContexts(contexts, rows);
      const groups = new Map<number, Row[]>();
      for (const [row, context] of contexts.entries()) {
        if (context === undefined) continue;
        const seen = countSeen(context);
        const width = padsContexts ? T : Math.max(seen, 1);
        const group = groups.get(width);
        if (group === undefined) groups.set(width, [{ row, context, seen }]);
        else group.push({ row, context, seen });
      }
      for (const [width, group] of groups) {
        for (let first = 0; first < group.length; first += most) {
          score(group.slice(first, first + most), width);
        }
      }
      return result;
    },
    dispose: () => scores.dispose(),
  };
}

/** A context to score, and how many of its tokens, from the last one on, are seen. */
interface Row {
  readonly row: number;
  readonly context: readonly number[];
  readonly seen: number;
}

function checkContexts(contexts: readonly unknown[], rows: number): void {
  if (contexts.length <= rows) return;
  throw new RangeError(
    `nextTokenScores: there must be at most ${rows} contexts; got ${contexts.length}`,
  );
}

const otherScores = (got: number, rows: number, V: number): RangeError =>
  new RangeError(
    `nextTokenScores: the model must give ${V} scores, its vocabSize, for each context; got ${got} for ${rows}`,
  );

function streamScores(
  stream: TokenStream,
  { vocabSize: V }: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  const scores = (compile ?? interpret)((tokens) => stream.next(tokens as Tensor1D), {
    rehearse: 'sometimes',
  });
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
      checkContexts(contexts, rows);
      for (let back = countColumns(contexts) - 1; back >= 0; back--) {
        tokens.fill(0);
        for (const [row, context = []] of contexts.entries()) {
          const token = context[context.length - 1 - back] ?? 0;
          tokens[row] = token < V ? token : 0;
        }
        const found = scores.read({ values: tokens, shape: [rows] });
        if (found.length !== rows * V) throw otherScores(found.length, rows, V);
        result.set(found);
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
