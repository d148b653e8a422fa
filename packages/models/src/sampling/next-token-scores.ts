import {
  tensor1d,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { LanguageModel, TokenStream } from '../language-model.js';

/** Makes a function fast that is called many times; `compile` of `@llm101/wasm` is one. */
export type Compile = <Inputs extends readonly Tensor[], Output extends Tensor>(
  step: (...inputs: Inputs) => Output,
) => { (...inputs: Inputs): Output; dispose(): void };

/** A sequence that grows, and the row that it has in its batch. */
interface GrowingSequence {
  readonly row: number;
  readonly tokens: readonly number[];
}

/** Scores what follows sequences that grow by a token from call to call, all as long as one another. */
export interface SequenceReader {
  /** @returns `[V]` for each of the sequences */
  scores(sequences: readonly GrowingSequence[]): Float32Array[];
  dispose(): void;
}

/** Reads `rows` sequences in the best way that a model has: token by token, or a whole context for each. */
export function sequenceReader(
  model: LanguageModel,
  rows: number,
  compile?: Compile,
): SequenceReader {
  const stream = model.stream?.(rows);
  return stream === undefined ? windowReader(model) : streamReader(stream, rows, compile);
}

function windowReader(model: LanguageModel): SequenceReader {
  const { contextSize: T } = model;
  return {
    scores(sequences) {
      const context = new Int32Array(sequences.length * T); // zeros pad
      for (const [i, { tokens }] of sequences.entries()) {
        const seen = tokens.slice(-T);
        context.set(seen, (i + 1) * T - seen.length);
      }
      const contexts = (): Tensor2D => tensor2d(context, [sequences.length, T], 'int32');
      const scores = read(() => model.logits(contexts()));
      return sequences.map((_, i) => rowOf(scores, i, sequences.length));
    },
    dispose() {},
  };
}

/** Each token is read once, after token 0, with which a sequence begins. */
function streamReader(stream: TokenStream, rows: number, compile?: Compile): SequenceReader {
  const next = (tokens: Tensor1D): Tensor2D => stream.next(tokens);
  const compiled = compile?.(next);
  let position = 0;
  return {
    scores(sequences) {
      const end = sequences.reduce((most, { tokens }) => Math.max(most, tokens.length), 0);
      let scores: Float32Array = new Float32Array();
      while (position <= end) {
        const column = new Int32Array(rows); // of those that have ended, 0
        for (const { row, tokens } of sequences) column[row] = tokens[position - 1] ?? 0;
        position++;
        scores = read(() => (compiled ?? next)(tensor1d(column, 'int32')));
      }
      return sequences.map(({ row }) => rowOf(scores, row, rows));
    },
    dispose() {
      compiled?.dispose();
      stream.dispose();
    },
  };
}

/** The values of a tensor that is made and freed. */
function read(make: () => Tensor2D): Float32Array {
  let values: Float32Array = new Float32Array();
  // Nothing is returned from tidy: it would look through every value for tensors.
  tidy(() => {
    values = make().dataSync<'float32'>();
  });
  if (values.some(Number.isNaN)) {
    throw new RangeError(
      'sample: the model gives NaN; it has diverged, train it again with a lower learning rate',
    );
  }
  return values;
}

function rowOf(scores: Float32Array, row: number, rows: number): Float32Array {
  const V = scores.length / rows;
  return scores.subarray(row * V, (row + 1) * V);
}
