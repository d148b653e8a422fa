/** The sentences of a page that has a trained model in it, in English. */
export const enModelPage = {
  title: 'A language model',
  loading: 'Loading the model …',
  unusable: 'The model can’t run here',
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
    `The model has only learned what follows ${mark}: end what you type with it.`,
  nextHelp:
    'Type, and see what the model expects next. The lower bars are what it samples from, with the settings below.',
  writeHelp:
    'Each text starts with the text so far, and is the one that llm101 sample draws with the same seed and settings; darker is less likely.',
  about:
    'The model and the code that runs it are in this file: nothing is loaded, and nothing that you type leaves it. Made by LLM101 for TypeScript.',
  licences: 'Licences of what is in this file',
};
