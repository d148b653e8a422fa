/** The sentences of a page that has a trained model in it, in English. */
export const enModelPage = {
  title: 'A language model',
  loading: 'The model is opened.',
  unusable: 'The model can’t be used here',
  facts: ({
    kind,
    parameters,
    step,
    tokens,
    examples,
    bytes,
  }: Readonly<Record<'kind' | 'parameters' | 'step' | 'tokens' | 'examples' | 'bytes', string>>) =>
    `${kind}, ${parameters} parameters (${bytes}), ${tokens} tokens, trained for ${step} steps ${examples}`,
  examples: { lines: 'on lines', blocks: 'on a text' },
  answers: (mark: string) =>
    `The model has learned what stands after ${mark} alone: end what you type with it.`,
  nextHelp:
    'Type, and see what the model expects next. The lower bars are what it draws with, by the settings of drawing.',
  writeHelp:
    'Each text begins with the text so far. They are those of llm101 sample with the same seed and settings; darker is less expected.',
  about:
    'The model and all that computes it are in this file: nothing is loaded, and nothing that you type leaves it. Made by LLM101 for TypeScript.',
  licences: 'Licences of what is in this file',
};
