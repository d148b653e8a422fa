import type { CharTokenizer } from '@llm101/data';
import { type LanguageModel, sample, type SampleOptions } from '@llm101/models';

/** Texts drawn from a model; `options.prompt` is tokens. */
export function sampleTexts(
  model: LanguageModel,
  tokenizer: CharTokenizer,
  options: SampleOptions,
): string[] {
  return sample(model, options).map((tokens) => tokenizer.decode(tokens));
}
