import type { LanguageModel, TokenStream } from '@llm101/models';
import { compile, type Compiled } from '@llm101/wasm';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** A network that is asked what comes next, in batches of always the same size. */
export interface NextScores {
  /**
   * @param contexts - at most `rows`, what each row has read of its line; an escape in it hides what stands before
   * @returns `[rows, V]` scores; don't keep them. Of rows without a context they mean nothing
   */
  read(contexts: readonly (readonly number[])[]): Float32Array;
  /** Whether products use relaxed SIMD: never. */
  readonly relaxedSimd: boolean | undefined;
  dispose(): void;
}

/** Relaxed SIMD rounds otherwise from machine to machine, and who reads a file needs the bits of who wrote it. */
const PLAIN_SIMD = { relaxedSimd: false } as const;

/**
 * Compiles a network for both sides of a codec. A WaveNet reads each symbol once, in lines that begin where they like; a
 * network of windows reads a whole window for each symbol.
 */
export function nextScores(model: LanguageModel, rows: number): NextScores {
  const stream = model.stream?.(rows);
  return stream === undefined ? windowScores(model, rows) : streamScores(stream, rows, model);
}

function windowScores(model: LanguageModel, rows: number): NextScores {
  const { contextSize: T, vocabSize: escape } = model;
  const scores = compile((tokens: Tensor2D) => model.logits(tokens), PLAIN_SIMD);
  return over(scores, [rows, T], (context, row, tokens) => {
    for (let back = 1; back <= Math.min(T, context.length); back++) {
      const symbol = context[context.length - back];
      if (symbol === escape) break;
      tokens[(row + 1) * T - back] = symbol;
    }
  });
}

function streamScores(
  stream: TokenStream,
  rows: number,
  { vocabSize: escape }: LanguageModel,
): NextScores {
  const compiled = compile((tokens: Tensor1D) => stream.next(tokens), PLAIN_SIMD);
  const scores = over(compiled, [rows], (context, row, tokens) => {
    const symbol = context.at(-1) ?? 0; // 0 begins a line
    tokens[row] = symbol === escape ? 0 : symbol;
  });
  const dispose = (): void => {
    compiled.dispose();
    stream.dispose();
  };
  return Object.assign(scores, { dispose });
}

/** Writes the tokens of a context into its row, over zeros. */
type Fill = (context: readonly number[], row: number, tokens: Int32Array) => void;

function over<Tokens extends Tensor>(
  scores: Compiled<[Tokens], Tensor2D>,
  shape: readonly number[],
  fill: Fill,
): NextScores {
  const values = new Int32Array(shape.reduce((product, size) => product * size));
  return {
    read(contexts) {
      values.fill(0);
      for (const [row, context] of contexts.entries()) fill(context, row, values);
      return scores.read({ values, shape }) as Float32Array;
    },
    get relaxedSimd() {
      return scores.program?.stats.relaxedSimd;
    },
    dispose: () => scores.dispose(),
  };
}
