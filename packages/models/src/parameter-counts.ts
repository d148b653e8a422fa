import { checkSizes } from './check-sizes.js';
import { halvings } from './halvings.js';
import type { ModelSizes } from './language-model.js';
import type { WaveNetSizes } from './wave-net.js';

/**
 * Rules of a language model that knows one for each context: `V^T`. 27 symbols and 16 tokens make
 * 79,766,443,076,872,509,863,361, about 8e22.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function ruleBasedParameterCount(
  sizes: Pick<ModelSizes, 'vocabSize' | 'contextSize'>,
): bigint {
  checkSizes('ruleBasedParameterCount', sizes);
  return BigInt(sizes.vocabSize) ** BigInt(sizes.contextSize);
}

/**
 * Entries of a table of which symbol follows which: `V²`, 729 for 27 symbols.
 *
 * @throws RangeError when vocabSize isn't a whole number of at least 1
 */
export function bigramParameterCount(sizes: Pick<ModelSizes, 'vocabSize'>): number {
  checkSizes('bigramParameterCount', { vocabSize: sizes.vocabSize });
  return sizes.vocabSize ** 2;
}

/**
 * Parameters of {@link MLP}: `V C + (T C + 1) H + (H + 1) V`, 10,443 for V = 27, T = 8, C = 16, H = 64.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function mlpParameterCount(sizes: ModelSizes): number {
  checkSizes('mlpParameterCount', sizes);
  const { vocabSize: V, contextSize: T, dEmbed: C, dHidden: H } = sizes;
  return V * C + (T * C + 1) * H + (H + 1) * V;
}

/**
 * Parameters of {@link CNN}: `V C + (2 C + 1) H + (log2 T - 1) (2 H + 1) H + (H + 1) V`, 27,827 for V = 27, T = 16,
 * C = 8, H = 64.
 *
 * @throws RangeError when a size isn't a whole number of at least 1, or contextSize is no power of two from 2 on
 */
export function cnnParameterCount(sizes: ModelSizes): number {
  checkSizes('cnnParameterCount', sizes);
  const { vocabSize: V, contextSize: T, dEmbed: C, dHidden: H } = sizes;
  return V * C + (2 * C + 1) * H + (halvings(T) - 1) * (2 * H + 1) * H + (H + 1) * V;
}

/**
 * Parameters of {@link WaveNet}, with L = depth · blocks layers: the embedding `V C`, or `(k V + 1) C` for one-hot rows; for
 * each layer the gates `(k C + 1) 2 C`, the skip connection `(C + 1) S`, but for the last the residual one `(C + 1) C`, and
 * `2 C` where it normalises; the head `(S + 1) (S + V)`. 102,811 for V = 27, C = S = 64 and a depth of 4.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function waveNetParameterCount(sizes: WaveNetSizes): number {
  const { vocabSize: V, channels: C, skipChannels: S = C, depth, blocks = 1 } = sizes;
  const { kernelSize: k = 2, input = 'embedding', layerNorm = false } = sizes;
  checkSizes('waveNetParameterCount', {
    vocabSize: V,
    channels: C,
    skipChannels: S,
    depth,
    blocks,
    kernelSize: k,
  });
  const L = depth * blocks;
  const embedding = input === 'oneHot' ? (k * V + 1) * C : V * C;
  const layer = (k * C + 1) * 2 * C + (C + 1) * S + (layerNorm ? 2 * C : 0);
  return embedding + L * layer + (L - 1) * (C + 1) * C + (S + 1) * (S + V);
}
