import type { LanguagePrior } from '@llm101/info-theory';
import { type LanguageModel, nextTokenScores } from '@llm101/models';
import { UserError } from '@llm101/runs';
import { logSoftmax } from '@tensorflow/tfjs-core';
import { compilePlain } from '../run-folder/model-file.js';

/** Contexts that a network scores at once. */
const CHUNK = 256;

/** A network as a prior; to be disposed of. */
export interface NetworkPrior extends LanguagePrior {
  /** Frees the compiled scorer, not the model. */
  dispose(): void;
}

/** Makes a prior of a network; it scores each distinct context once. */
export function networkPrior(model: LanguageModel): NetworkPrior {
  const size = model.vocabSize;
  const scores = nextTokenScores(model, {
    rows: CHUNK,
    compile: (step) => compilePlain((tokens) => logSoftmax(step(tokens))),
  });
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
      const table = new Float64Array(distinct.length * size);
      for (let first = 0; first < distinct.length; first += CHUNK) {
        const chunk = distinct.slice(first, first + CHUNK);
        const values = scores.read(chunk);
        table.set(values.subarray(0, chunk.length * size), first * size);
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
