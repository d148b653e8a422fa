import { enInside } from './en/inside.js';
import { enTour } from './en/tour.js';
import { enUse } from './en/use.js';

/** Every sentence of the page, in English. Another language is a file like this one of the same type; what the command says stays as it is. */
export const en = {
  title: 'LLM101 playground',
  tagline: 'Train a small language model in this tab, and look inside.',
  runName: (number: number) => `run ${number}`,
  rooms: { train: 'Train', inside: 'Look inside', use: 'Use', about: 'About' },
  nav: 'Parts of the page',
  use: enUse,
  tour: enTour,
  tryOut: {
    title: 'You could try',
    list: [
      '[the tour](tour) by the course’s questions,',
      '[the lecture’s run](lecture), whose loss after 8,299 steps is 2.4206,',
      '[a tree of convolutions](cnn),',
      '[a small Transformer](gpt),',
      '[parity](parityGru), which needs a memory, or [a poet](poet).',
    ],
  },
  inside: enInside,
  noEngine: "This page can't train here",
  source: 'Documents and source',
  controls: {
    label: 'The run',
    pause: 'Pause',
    resume: 'Go on',
    step: 'One step',
    steps: (count: number) => `${count} steps`,
    restart: 'Train anew',
    stop: 'End',
    close: 'Remove',
    logSteps: 'Steps by their logarithm',
  },
  states: {
    loading: 'loads',
    running: 'trains',
    paused: 'paused',
    finished: 'all steps done',
    'no better': 'ended: no better validation',
    stopped: 'ended',
    failed: 'failed',
  },
  figures: {
    label: 'Figures of the run',
    step: 'step',
    ofSteps: (count: string) => `of ${count}`,
    trainLoss: 'training loss',
    trainLossHelp: 'mean of all batches so far, in nats',
    valLoss: 'validation loss',
    accuracy: 'right next tokens',
    rate: 'learning rate',
    speed: 'steps a second',
    left: 'time left',
    parameters: 'parameters',
    memory: 'memory of a step',
    threads: 'threads',
    fingerprint: 'fingerprint',
    fingerprintHelp: (step: string) =>
      `the first digits of the SHA-256 of all weights at step ${step}: the same settings give the same, here and by the command`,
    saved: (step: string) => `kept in this browser at step ${step}`,
    summary: (step: string, loss: string, val: string) =>
      `step ${step}, training loss ${loss}, validation loss ${val}`,
  },
  kept: {
    failed: (why: string) => `This browser can't keep the run: ${why}`,
  },
  charts: {
    loss: 'Loss by step, in nats a token',
    rate: 'Learning rate by step',
    batchLoss: 'batches',
    validation: 'validation',
    uniform: 'ln V: all tokens alike',
    unigram: 'single tokens',
    bigram: 'pairs',
    ngram: (order: number) => `runs of ${order}`,
    table: 'The figures as a table',
  },
  samples: {
    title: 'What it writes',
    at: (step: string) => `after step ${step}`,
    none: 'Texts that it draws come with the first validation.',
    which: 'Step of the texts',
  },
  text: {
    title: 'Text',
    sets: {
      names: 'Names (8,422, built in)',
      'makemore-names': "The lecture's names (32,033)",
      shakespeare: 'Shakespeare (1.1 million characters)',
    } as Readonly<Record<string, string>>,
    own: (name: string) => `your own: ${name}`,
    pick: 'Take a file',
    paste: 'Write or paste a text',
    pasted: 'pasted.txt',
    take: 'Take this text',
    drop: 'Or drop a text file anywhere on this page. It stays on this machine.',
    dropped: 'Let go to train on this text',
    missing: (name: string, sha256: string) =>
      `This address is of a run on a text that isn't here: ${name} (SHA-256 ${sha256.slice(0, 16)}…). Drop that file on this page.`,
    other: (name: string, sha256: string) =>
      `The text must be ${name} with the SHA-256 ${sha256.slice(0, 16)}…; this is another one. Take it all the same by the settings.`,
    size: (characters: string, train: string, val: string) =>
      `${characters} characters; ${train} tokens to learn from, ${val} held out`,
  },
  form: {
    title: 'Settings',
    presets: 'Begin with',
    plain: 'the defaults',
    reset: (name: string) => `${name}: back to its default`,
    changed: 'changed',
    start: 'Train with these settings',
    command: 'The command that trains the same',
    copy: 'Copy',
    share: 'Copy the address of this page with these settings',
    copied: 'Copied.',
    paper: 'paper',
    more: (count: number) => `${count} more`,
    less: 'Fewer',
    groups: {
      model: 'Model',
      optimizer: 'Optimizer',
      schedule: 'Schedule',
      run: 'Training',
      data: 'Examples',
    },
    problem: 'These settings can’t be trained:',
    makes: (parameters: string, memory: string) =>
      `${parameters} parameters, about ${memory} of memory a step`,
  },
  outdated: 'There is a newer version of this page.',
  reload: 'Load it',
  about: {
    engine: 'What this browser has',
    backend: 'Engine',
    cores: 'Cores',
    threads: 'Threads',
    shared: 'share memory: all cores train together',
    notShared: 'don’t share memory, so that several are slower; the figures are the same',
    isolate: 'Load the page again, so that threads share memory',
    offline: 'Without a network',
    offlineStates: {
      none: 'the page isn’t kept: it needs https or localhost',
      loading: 'the page is being kept',
      ready: 'works: the page is kept in this browser',
    },
    relaxed: 'Relaxed SIMD',
    relaxedWhy:
      'off: it is faster, but rounds differently from machine to machine, and the figures are to be the same everywhere',
    storage: 'What is kept in this browser',
    noStorage: 'This browser doesn’t say how much it keeps.',
    used: (usage: string, quota: string) =>
      `${usage} of ${quota}: runs, their checkpoints and texts`,
    mayVanish: 'The browser may throw it away when its disk fills up.',
    persist: 'Ask it not to',
    read: 'Read on',
    links: [
      { title: 'Documents of the packages', href: '../index.html' },
      { title: 'Source', href: 'https://github.com/llm101/llm101-ts' },
      { title: 'The course, LLM101', href: 'https://github.com/PathFinderKR/LLM101' },
    ],
  },
};

/** The sentences of the page in a language. */
export type Strings = typeof en;
