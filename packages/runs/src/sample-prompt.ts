import type { TextTokenizer } from '@llm101/data';
import type { LanguageModel, SampleOptions } from '@llm101/models';
import type { ExamplesName } from './text/examples-name.js';

/** What {@link samplePrompt} needs of a model. */
export interface SampledModel {
  readonly model: LanguageModel;
  readonly tokenizer: TextTokenizer;
  readonly examples: ExamplesName;
}

/** What samples of a model begin with, and what ends them. */
export interface SamplePrompt extends Pick<Required<SampleOptions>, 'prompt' | 'endToken'> {
  readonly prompt: number[];
  /** Tokens at the head of the prompt that aren't part of the text. */
  readonly hidden: number;
}

/**
 * The prompt of samples. A model of lines begins with token 0, which also ends a line. To one of blocks no token begins or ends a text: it
 * begins after a line end, and where it needs a full context, after as many of them as are missing.
 *
 * @param own - tokens that the text begins with
 */
export function samplePrompt(
  { model, tokenizer, examples }: SampledModel,
  own: ArrayLike<number> = [],
): SamplePrompt {
  const prompt = Array.from(own);
  if (examples === 'lines') return { prompt, hidden: 0, endToken: tokenizer.paddingIndex ?? 0 };
  const missing = (model.padsContexts === true ? model.contextSize : 1) - prompt.length;
  const before = Array.from({ length: Math.max(0, missing) }, () => lineEndToken(tokenizer));
  return { prompt: [...before, ...prompt], hidden: before.length, endToken: 'none' };
}

/** The token of a line end; 0 where there is none. */
function lineEndToken(tokenizer: TextTokenizer): number {
  return tokenizer.firstUnknown('\n') === undefined ? (tokenizer.encode('\n').at(-1) ?? 0) : 0;
}
