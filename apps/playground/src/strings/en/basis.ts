/** The sentence on weights that the next run starts from. */
export const enBasis = {
  begins: (name: string) => `It starts from the weights of ${name}.`,
  tokenizer: 'It uses the tokenizer of the run that was loaded.',
  fixed: 'They fix its kind, sizes and tokenizer.',
  without: 'Start without them',
};
