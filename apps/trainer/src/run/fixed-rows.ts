import type { LanguageModel } from '@llm101/models';
import type { Compile } from '@llm101/training';
import { concat, slice, zeros, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';

/** A model that is run in another way, and what that takes. */
export interface FixedRows {
  readonly model: LanguageModel;
  /** Frees the memory of the compiled scores, not the model. */
  dispose(): void;
}

/**
 * A model whose scores are compiled for one number of rows: names end one by one, and each number of those that go on
 * would otherwise be recorded by itself. Fewer rows are filled up with padding. A model with a `stream` stays as it is.
 */
export function fixedRows(model: LanguageModel, rows: number, compile: Compile): FixedRows {
  if (model.stream !== undefined) return { model, dispose() {} };
  const { vocabSize, contextSize } = model;
  const scores = compile((tokens: Tensor2D) => model.logits(tokens));
  return {
    model: {
      vocabSize,
      contextSize,
      parameters: () => model.parameters(),
      logits(tokens) {
        const [n] = tokens.shape;
        if (n >= rows) return n === rows ? scores(tokens) : model.logits(tokens);
        const filled = concat([tokens, zeros<Rank.R2>([rows - n, contextSize], 'int32')]);
        return slice(scores(filled), [0, 0], [n, vocabSize]);
      },
    },
    dispose: () => scores.dispose(),
  };
}
