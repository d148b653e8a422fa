import { writeTokens } from '@llm101/data';
import { Bigram, tokenProbabilities } from '@llm101/models';
import { UserError } from '@llm101/runs';
import type { Handler } from '../handler.js';
import { started } from './line.js';

/** Tokens of a table that is shown. */
const MOST_SYMBOLS = 128;

/** What follows each token, by a bigram. */
export const table: Handler<'table'> = (_, run) => {
  const { model, data, settings } = started(run);
  if (!(model instanceof Bigram)) {
    throw new UserError(`a table is of bigram; got ${settings.model}`);
  }
  const V = model.vocabSize;
  const shown = Math.min(V, MOST_SYMBOLS);
  const scores = model.table.weight.dataSync<'float32'>();
  const probabilities = new Float32Array(shown * shown);
  for (let i = 0; i < shown; i++) {
    const row = tokenProbabilities(Float32Array.from(scores.subarray(i * V, (i + 1) * V)));
    for (let j = 0; j < shown; j++) probabilities[i * shown + j] = row[j];
  }
  const symbols = writeTokens(
    Array.from({ length: shown }, (__, token) => token),
    data.tokenizer,
  );
  return { output: { symbols, probabilities }, transfer: [probabilities.buffer] };
};
