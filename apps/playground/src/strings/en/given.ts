/** The sentences of what comes in. */
export const enGiven = {
  expected: {
    waiting: (step: string, sha256: string) =>
      `The shared run had the weights ${sha256} at step ${step}: they are compared when this run gets there.`,
    same: (step: string, sha256: string) =>
      `Same weights at step ${step} as the shared run: ${sha256}.`,
    differs: (step: string, sha256: string) =>
      `The weights at step ${step} differ from those of the shared run, ${sha256}.`,
    passed: (step: string, sha256: string) =>
      `The shared run had the weights ${sha256} at step ${step}, which this run has passed without a comparison: start a new run to compare.`,
  },
  whyDiffers: (version: string, data: string, shards: string) =>
    `Compare what you both have: the version, here ${version}; the text, here ${data}; settings that were changed after the address was copied, most of all the seed and the shards, here ${shards}.`,
  ignored: (parts: string) =>
    `The address says something that means nothing here; it was left out: ${parts}.`,
  elsewhere: (name: string) =>
    `${name} is open in another tab of this browser. Once that tab is closed it goes on here.`,
  takeOver: 'Take it over',
  reading: 'Reading the files …',
  tooMany: (count: number) =>
    `There must be one text, or the files of one run; got ${count} files. Drop the run’s own folder.`,
  run: (name: string, step: string) =>
    `${name} is loaded, at step ${step}. If it has steps left, press Resume.`,
  model: (name: string) =>
    `The next run starts from the weights of ${name}. Choose its text and settings, and start it.`,
  notServed: (why: string) => `The run in the address can’t be read: ${why}`,
  noFile: (path: string, got: string) =>
    `${path} must be a file of a run; got ${got}. Open the page by llm101 play RUN, or drop the run’s folder here.`,
  noList: (path: string, got: string) =>
    `${path} must be a list of a run’s files; got ${got}. Open the page by llm101 play RUN, or drop the run’s folder here.`,
  aPage: 'a page of the server (HTML)',
  noJson: 'something that isn’t JSON',
  otherJson: 'JSON of another kind',
  dismiss: 'Dismiss',
  never: 'Do without it',
};
