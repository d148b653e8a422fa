/** The sentences beside the code of a run, in English. */
export const enCode = {
  title: (run: string) => `Code of ${run}`,
  language: 'Programming language',
  about: {
    typescript:
      'It trains the same model to the same weights, byte for byte, in Node or a browser.',
    pytorch:
      'It trains the same model from the same initial values on the same batches; losses differ only by rounding.',
  },
  copy: 'Copy',
  save: (file: string) => `Save as ${file}`,
  close: 'Close',
};
