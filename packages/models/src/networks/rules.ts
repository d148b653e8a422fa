import { checkSizes } from '../checks.js';
import type { ModelSizes } from '../language-model.js';

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
