/** The sentences beside the code of a run, in English. */
export const enCode = {
  title: (run: string) => `The code of ${run}`,
  language: 'Written in',
  about: {
    typescript:
      'It trains the same model to the same weights, byte for byte, in Node or a browser.',
    pytorch:
      'It trains the same model from the same initial values on the same batches; losses differ by rounding alone.',
  },
  copy: 'Copy it',
  save: (file: string) => `Save as ${file}`,
  close: 'Close',
};
