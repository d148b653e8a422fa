import type { TextTokenizer } from '@llm101/data';
import type { LanguageModel, SampleOptions } from '@llm101/models';
import type { ExamplesName } from './text/examples-name.js';

/** What {@link drawing} needs of a model. */
export interface DrawnModel {
  readonly model: LanguageModel;
  readonly tokenizer: TextTokenizer;
  readonly examples: ExamplesName;
}

/** How texts are drawn from a model. */
export interface Drawing extends Pick<Required<SampleOptions>, 'prompt' | 'endToken'> {
  readonly prompt: number[];
  /** Tokens at the head of the prompt that aren't part of the text. */
  readonly hidden: number;
}

/**
 * How texts that begin with a prompt are drawn. A model of lines begins with token 0, which also ends a line. To one of blocks no token
 * begins or ends a text: it begins after a line end, and where it needs a full context, after as many of them as are missing.
 *
 * @param prompt - tokens
 */
export function drawing(
  { model, tokenizer, examples }: DrawnModel,
  prompt: ArrayLike<number> = [],
): Drawing {
  const own = Array.from(prompt);
  if (examples === 'lines')
    return { prompt: own, hidden: 0, endToken: tokenizer.paddingIndex ?? 0 };
  const missing = model.padsContexts === true ? model.contextSize - own.length : 1 - own.length;
  const before = Array.from({ length: Math.max(0, missing) }, () => lineEndOf(tokenizer));
  return { prompt: [...before, ...own], hidden: before.length, endToken: 'none' };
}

/** The token of a line end; 0 where there is none. */
function lineEndOf(tokenizer: TextTokenizer): number {
  return tokenizer.firstUnknown('\n') === undefined ? (tokenizer.encode('\n').at(-1) ?? 0) : 0;
}
