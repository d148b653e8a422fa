import { CharTokenizer, type TextTokenizer } from '@llm101/data';
import { Generator } from '@llm101/random';
import { defaultSettings, type ExamplesName, makeModel, modelConfigOf } from '@llm101/runs';
import type { ModelName, SavedModel, Settings } from '@llm101/runs';

/** Letters and a line end. */
export const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A tokenizer of lines of letters, or of one text of them. */
const lettersOf = (examples: ExamplesName): TextTokenizer =>
  examples === 'lines'
    ? CharTokenizer.fromAlphabet(letters)
    : CharTokenizer.fromAlphabet(`\n${letters}`, { padding: false });

/** A small model with random weights. */
export function modelOf(
  model: ModelName,
  examples: ExamplesName,
  {
    tokenizer = lettersOf(examples),
    ...settings
  }: Partial<Omit<Settings, 'tokenizer'>> & { readonly tokenizer?: TextTokenizer } = {},
): Pick<SavedModel, 'model' | 'tokenizer' | 'examples'> {
  const small = { contextSize: 32, dEmbed: 8, dHidden: 16, heads: 2, depth: 2, blocks: 2 };
  const all = { ...defaultSettings, ...small, ...settings, model, examples };
  const config = modelConfigOf(all, tokenizer.vocabSize);
  return { model: makeModel(config, Generator.seeded(1)), tokenizer, examples };
}
