import { writeTokens } from '@llm101/data';
import { tokenProbabilities } from '@llm101/models';
import type { BatchRow } from '../../../looks.js';
import type { Handler } from '../handler.js';
import { scoresOf, started } from './line.js';

/** Rows that are shown, and tokens of each. */
const MOST_ROWS = 16;
const MOST_TOKENS = 128;

/** The batch that the next step learns from, with what the model makes of it before. */
export const batch: Handler<'batch'> = (_, run) => {
  const begun = started(run);
  const { tokenizer } = begun.data;
  const next = begun.batches.peek();
  const { size, contextSize: T, inputs, targets, weights } = next;
  const scores = Float32Array.from(scoresOf(begun, next));
  const V = scores.length / targets.length;
  const losses = Float64Array.from(targets, (target, i) => {
    return -Math.log(tokenProbabilities(scores.subarray(i * V, (i + 1) * V))[target]);
  });
  const weightOf = (i: number): number => weights?.[i] ?? 1;
  let [sum, count] = [0, 0];
  for (const [i, loss] of losses.entries()) {
    if (weightOf(i) === 0) continue;
    sum += loss * weightOf(i);
    count += weightOf(i);
  }
  const each = targets.length / size;
  const rows = Array.from({ length: Math.min(size, MOST_ROWS) }, (__, row): BatchRow => {
    const shown = Math.min(each, MOST_TOKENS);
    const at = Array.from({ length: shown }, (___, i) => row * each + i);
    const tokens = inputs.subarray(row * T, row * T + (each === 1 ? T : shown));
    const wanted = writeTokens(
      at.map((i) => targets[i]),
      tokenizer,
    );
    return {
      tokens: writeTokens(tokens, tokenizer),
      targets: wanted.map((text, i) => (weightOf(at[i]) === 0 ? undefined : text)),
      losses: at.map((i) => losses[i]),
    };
  });
  return { output: { size, contextSize: T, loss: sum / count, rows } };
};
