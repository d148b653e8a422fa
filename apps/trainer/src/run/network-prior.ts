import type { LanguagePrior } from '@llm101/info-theory';
import { type LanguageModel, WaveNet } from '@llm101/models';
import { compile } from '@llm101/wasm';
import { logSoftmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { UserError } from '../settings/user-error.js';

/** Contexts that a network gets at once: one number, so that it is compiled for few shapes. */
const CHUNK = 256;

/** A network that says what may come next, until it is disposed of. */
export interface NetworkPrior extends LanguagePrior {
  /** Frees the memory of the compiled scores, not the model. */
  dispose(): void;
}

/**
 * A network as a prior: compiled, `CHUNK` contexts at a time, each distinct context once. Plain SIMD, so that every
 * machine decodes alike.
 */
export function networkPrior(model: LanguageModel): NetworkPrior {
  const size = model.vocabSize;
  const scores = compile((tokens: Tensor2D) => logSoftmax(model.logits(tokens)), {
    relaxedSimd: false,
  });
  /** `[contexts, size]`, of at most `CHUNK` contexts. */
  const score = (contexts: readonly (readonly number[])[], T: number): ArrayLike<number> => {
    const values = new Int32Array(CHUNK * T); // padding stands before the first symbol
    for (const [i, context] of contexts.entries()) {
      const seen = context.slice(-T);
      values.set(seen, (i + 1) * T - seen.length);
    }
    return scores.read({ values, shape: [CHUNK, T] });
  };
  return {
    size,
    logProbabilities(contexts) {
      const rowOf = new Map<string, number>();
      const distinct: (readonly number[])[] = [];
      const rows = contexts.map((context) => {
        const key = context.join();
        const row = rowOf.get(key) ?? distinct.push(context) - 1;
        rowOf.set(key, row);
        return row;
      });
      const T = windowOf(model, distinct);
      const table = new Float64Array(distinct.length * size);
      for (let first = 0; first < distinct.length; first += CHUNK) {
        const chunk = distinct.slice(first, first + CHUNK);
        const values = score(chunk, T);
        for (let i = 0; i < chunk.length * size; i++) table[first * size + i] = values[i];
      }
      if (table.some(Number.isNaN)) {
        throw new UserError('the model gives NaN; train it again with a lower learning rate');
      }
      const answer = new Float64Array(rows.length * size);
      for (const [i, row] of rows.entries()) {
        answer.set(table.subarray(row * size, (row + 1) * size), i * size);
      }
      return answer;
    },
    dispose: () => scores.dispose(),
  };
}

/** Tokens that must be read: a WaveNet gives a name without the padding before it the same scores. */
function windowOf(model: LanguageModel, contexts: readonly (readonly number[])[]): number {
  if (!(model instanceof WaveNet)) return model.contextSize;
  const longest = contexts.reduce((most, { length }) => Math.max(most, length), 0);
  return Math.min(model.contextSize, longest + 1);
}
