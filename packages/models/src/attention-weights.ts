import { tensor, tidy, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LanguageModel } from './language-model.js';
import { showWeights } from './layers/causal-attention.js';

/**
 * How much each position of a text gathers from each, by every attention of a model in the order in which they are computed: its layers, each by its heads. Seen
 * are all that {@link causalAttention} computes, those of `GPT`, `TransformerBlock` and of models of one's own.
 *
 * @param tokens - T of them, one text as the model reads it: token 0 first where that begins a text
 * @returns `[layers][heads][T][T]`: row i is what position i gathers from, which adds up to 1; `[]` for a model without attention
 * @throws what the model throws, such as for a text that is too long
 */
export function attentionWeights(
  model: Pick<LanguageModel, 'logits'>,
  tokens: ArrayLike<number>,
): Float32Array[][][] {
  const T = tokens.length;
  const layers: Float32Array[][][] = [];
  tidy(() => {
    const row: Tensor2D = tensor<Rank.R2>(Int32Array.from(tokens), [1, T], 'int32');
    showWeights(
      (weights) => {
        const [, heads] = weights.shape;
        const values = weights.dataSync<'float32'>(); // [1, heads, T, T]
        const rowOf = (head: number, i: number): Float32Array =>
          values.slice((head * T + i) * T, (head * T + i + 1) * T);
        layers.push(
          Array.from({ length: heads }, (_, head) =>
            Array.from({ length: T }, (_, i) => rowOf(head, i)),
          ),
        );
      },
      () => model.logits(row),
    );
  });
  return layers;
}
