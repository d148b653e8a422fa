/** The sentences of what comes in. */
export const enGiven = {
  expected: {
    waiting: (step: string, sha256: string) =>
      `The shared run had the weights ${sha256} at step ${step}: they are compared when this run gets there.`,
    same: (step: string, sha256: string) =>
      `Same weights at step ${step} as the shared run: ${sha256}.`,
    differs: (step: string, sha256: string) =>
      `The weights at step ${step} differ from those of whoever shared this run, ${sha256}: versions, text or settings aren’t the same.`,
    passed: (step: string, sha256: string) =>
      `The shared run had the weights ${sha256} at step ${step}, which this run has passed without a comparison: start a new run to compare.`,
  },
  reading: 'Reading the files …',
  tooMany: (count: number) =>
    `There must be one text, or the files of one run; got ${count} files. Drop the run’s own folder.`,
  run: (name: string, step: string) =>
    `${name} is loaded, at step ${step}. If it has steps left, press Resume.`,
  model: (name: string) =>
    `The next run starts from the weights of ${name}. Choose its text and settings, and start it.`,
  notServed: (why: string) => `The run in the address can’t be read: ${why}`,
  dismiss: 'Dismiss',
  never: 'Do without it',
};

/** The sentence on weights that the next run starts from. */
export const enBasis = {
  begins: (name: string) => `It starts from the weights of ${name}.`,
  tokenizer: 'It uses the tokenizer of the run that was loaded.',
  fixed: 'They fix its kind, sizes and tokenizer.',
  without: 'Start without them',
};
