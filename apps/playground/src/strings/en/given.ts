/** The sentences of what comes in. */
export const enGiven = {
  expected: {
    waiting: (step: string, sha256: string) =>
      `Whoever shared this run had the weights ${sha256} at step ${step}: they are compared when it gets there.`,
    same: (step: string, sha256: string) =>
      `The same weights at step ${step} as whoever shared this run had: ${sha256}.`,
    differs: (step: string, sha256: string) =>
      `The weights at step ${step} differ from those of whoever shared this run, ${sha256}: versions, text or settings aren’t the same.`,
    passed: (step: string, sha256: string) =>
      `This run never was at step ${step} here, where whoever shared it had the weights ${sha256}: train anew to compare.`,
  },
  reading: 'What came is being read …',
  tooMany: (count: number) =>
    `There must be the files of one run, or a text; got ${count} files. Give the run’s own folder.`,
  run: (name: string, step: number) =>
    `${name} is here, at step ${step.toLocaleString('en-US')}. It waits; let it go on above.`,
  model: (name: string) =>
    `The next run begins with the weights of ${name}. Choose its text and settings, and start it.`,
  notServed: (why: string) => `The run that the address names can’t be read: ${why}`,
  dismiss: 'All right',
  never: 'Do without it',
};

/** The sentence on weights that the next run begins with. */
export const enBasis = {
  begins: (name: string) => `It begins with the weights of ${name}.`,
  tokenizer: 'It has the tokenizer of the run that came.',
  fixed: 'Kind, sizes and tokenizer are theirs.',
  without: 'Begin anew instead',
};
