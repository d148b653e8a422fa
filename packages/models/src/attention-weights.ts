import { tensor, tidy, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import { wholeTokens } from './checks.js';
import type { LanguageModel } from './language-model.js';
import { showWeights } from './layers/causal-attention.js';

/**
 * How much each position of a text gathers from each, by every attention of a model in the order in which they are computed: its layers, each by its heads. Seen
 * are all that {@link causalAttention} computes, those of `GPT`, `TransformerBlock` and of models of one's own.
 *
 * @param tokens - T of them, at least one, one text as the model reads it: token 0 first where that begins a text
 * @returns `[layers][heads][T][T]`: row i is what position i gathers from, which adds up to 1; `[]` for a model without attention. A layer
 * that reads the text in parts, as those of `Megabyte` do, has an entry for each part that `logits` computes, in order, whose T is the part's.
 * @throws RangeError when there is no token, or one isn't a whole number from 0 on; and what the model throws, such as for a text that is too long
 */
export function attentionWeights(
  model: Pick<LanguageModel, 'logits'>,
  tokens: ArrayLike<number>,
): Float32Array[][][] {
  if (tokens.length === 0) {
    throw new RangeError('attentionWeights: there must be at least one token; got none');
  }
  const numbers = wholeTokens('attentionWeights', tokens);
  const layers: Float32Array[][][] = [];
  tidy(() => {
    const row: Tensor2D = tensor<Rank.R2>(numbers, [1, tokens.length], 'int32');
    showWeights(
      (weights) => {
        const [parts, heads, T] = weights.shape;
        const values = weights.dataSync<'float32'>(); // [parts, heads, T, T]
        const rowsOf = (map: number): Float32Array[] =>
          Array.from({ length: T }, (_, i) =>
            values.slice((map * T + i) * T, (map * T + i + 1) * T),
          );
        for (let part = 0; part < parts; part++) {
          layers.push(Array.from({ length: heads }, (_, head) => rowsOf(part * heads + head)));
        }
      },
      () => model.logits(row),
    );
  });
  return layers;
}
