/** The sentences of the room of runs, and of what comes in. */
export const enRuns = {
  list: 'Runs',
  listHelp:
    'Open runs have a worker each; the others are kept in this browser as they were. Tick those that are to be compared.',
  compare: (name: string) => `Compare ${name}`,
  name: (name: string) => `Name of ${name}`,
  lookAt: 'Look at it',
  lookedAt: 'looked at',
  open: 'Open',
  close: 'Close',
  remove: 'Remove',
  of: (action: string, name: string) => `${action}: ${name}`,
  closed: 'closed',
  step: (step: string) => `step ${step}`,
  removed: (name: string) => `${name} is removed. Until the page is loaded again it can come back.`,
  takeBack: 'Take it back',
  none: 'There is no run yet.',
  curves: 'Losses by step, in nats a token: batches faint, validations clear',
  results: 'Results',
  differences: 'Settings that differ',
  same: 'The runs that are ticked have the same settings.',
  fewer: 'Tick two runs or more to compare them.',
  run: 'Run',
  setting: 'Setting',
  measures: {
    step: 'steps',
    trainLoss: 'training loss',
    valLoss: 'validation loss',
    bestLoss: 'best validation',
    accuracy: 'right next tokens',
    answers: 'right answers',
    parameters: 'parameters',
    speed: 'steps a second',
    fingerprint: 'fingerprint',
  },
  atStep: (value: string, step: string) => `${value} (step ${step})`,
  best: 'best',
  unset: '–',
  home: (name: string) => `${name}, as files`,
  homeHelp:
    'The folder is a zip. Unpack it, and the command goes on where the run is now, to the same bytes:',
  command: (folder: string) => `llm101 train --resume ${folder}`,
  takings: {
    folder: 'Run folder (zip)',
    checkpoint: 'Checkpoint',
    model: 'Model (model.safetensors)',
    metrics: 'Losses (metrics.jsonl)',
    report: 'Report (one page)',
    page: 'The model as a page to type into',
    safetensors: 'For PyTorch (safetensors)',
    onnx: 'For onnxruntime (ONNX)',
    gguf: 'For llama.cpp (GGUF)',
    'hugging-face': 'For transformers (zip)',
  },
  taking: 'It is being written …',
  taken: (name: string, size: string) => `${name}, ${size}.`,
  bring: 'Bring a run here',
  bringHelp:
    'A run folder, a zip of one, a checkpoint or a model.safetensors: pick it, or drop it anywhere on this page. It goes on here where it was.',
  pickFiles: 'Pick files',
  pickFolder: 'Pick a folder',
  branch: 'Go on otherwise',
  branchHelp:
    'Another run that begins with these weights: choose a learning rate, an optimizer or a text for it. This run stays as it is, and its figures exact.',
  branchStart: 'Begin another run with these weights',
  share: 'Share',
  shareHelp:
    'Whoever opens this address trains the same, and the page says whether the weights are the same at this step.',
  shareButton: 'Copy the address',
  shareAddress: 'Address of this run',
  shareLater: 'Pause the run, and its fingerprint becomes part of the address.',
  notShareable:
    'An address can’t hold the weights or the tokenizer that this run began with: send its folder.',
  copied: 'Copied.',
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
};

/** The sentences of what comes in. */
export const enGiven = {
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
