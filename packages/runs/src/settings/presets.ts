import { namesOf } from '../rules.js';

/** Names packed into two rows, a shard each. */
const twoShards = { packedSize: 272, packedRows: 2, shards: 2 } as const;

/** Blocks as they are built now, trained by Muon in two shards at a rate that falls to 0. */
const modernGpt = {
  model: 'gpt',
  positions: 'rotary',
  norm: 'rms',
  activation: 'squared-relu',
  qkNorm: true,
  bias: 'none',
  shards: 2,
  optimizer: 'muon',
  beta2: 0.99,
  clipNorm: 1,
  schedule: 'linear',
  finalLr: 0,
} as const;

/** The same on names, packed into two rows. */
const namesGpt = {
  ...modernGpt,
  contextSize: 16,
  dEmbed: 64,
  heads: 4,
  tiedHead: false,
  packedSize: 256,
  packedRows: 2,
  reshuffle: true,
  warmupSteps: '3%',
  valInterval: 2000,
} as const;

/** Some seconds for a toy task: a rate that falls to 0, and a new order in each pass. */
const toy = {
  optimizer: 'adamw',
  schedule: 'linear',
  warmupSteps: '5%',
  finalLr: 0,
  clipNorm: 1,
  reshuffle: true,
  valInterval: 200,
} as const;

/** The same for recurrent networks. */
const toyRecurrent = {
  ...toy,
  contextSize: 32,
  dEmbed: 32,
  dHidden: 64,
  batchSize: 16,
  lr: 0.01,
  maxSteps: 1500,
} as const;

/** The lecture's two runs, and networks that are worth keeping. */
export const presets = {
  'lecture-mlp': { model: 'mlp', contextSize: 16, dEmbed: 8, dHidden: 64 },
  'lecture-cnn': { model: 'cnn', contextSize: 16, dEmbed: 8, dHidden: 64 },
  /** 1.991 nats on the lecture's validation names after half a minute. */
  'wavenet-small': {
    ...waveNet({ channels: 48, dropout: 0.15, lr: 0.006, maxSteps: 3500 }),
    ...twoShards,
    weightDecay: 0.01,
  },
  /** 1.946 nats after two minutes. */
  wavenet: {
    ...waveNet({ channels: 72, dropout: 0.25, lr: 0.0045, maxSteps: 8000 }),
    ...twoShards,
    weightDecay: 0.05,
  },
  /** 1.930 nats after eight minutes on one core. */
  'wavenet-large': {
    ...waveNet({ channels: 128, dropout: 0.4, lr: 0.003, maxSteps: 12000 }),
    packedSize: 512,
    weightDecay: 0.05,
  },
  /** nanoGPT's run on a CPU, `config/train_shakespeare_char.py` as its README shrinks it: 1.8857 nats on random batches. */
  'shakespeare-char': {
    data: 'shakespeare',
    examples: 'blocks',
    model: 'gpt',
    contextSize: 64,
    dEmbed: 128,
    layers: 4,
    heads: 4,
    bias: 'none',
    batchSize: 12,
    optimizer: 'adamw',
    lr: 0.001,
    beta2: 0.99,
    weightDecay: 0.1,
    decayMatrices: true,
    clipNorm: 1,
    schedule: 'cosine',
    warmupSteps: 100,
    decaySteps: 2000,
    finalLr: 0.0001,
    maxSteps: 2000,
    valInterval: 250,
    valBatches: 20,
    seed: 1337,
  },
  /** 1.50 nats on the part of Shakespeare that is held out after ten minutes on two cores. */
  shakespeare: {
    ...modernGpt,
    data: 'shakespeare',
    examples: 'blocks',
    contextSize: 128,
    dEmbed: 128,
    layers: 4,
    heads: 4,
    batchSize: 8,
    lr: 0.006,
    warmupSteps: '2%',
    maxSteps: 3700,
    valInterval: 1000,
    valBatches: 0,
  },
  /** 1.993 nats on the lecture's validation names after a quarter of a minute on two cores. */
  'names-gpt-small': {
    ...namesGpt,
    layers: 2,
    lr: 0.01,
    muonMomentum: 0.8,
    weightDecay: 0.03,
    maxSteps: 1150,
  },
  /** 1.920 nats after three minutes on two cores. */
  'names-gpt': {
    ...namesGpt,
    layers: 3,
    dropout: 0.05,
    lr: 0.003,
    muonMomentum: 0.9,
    maxSteps: 9800,
  },
  /** Small networks for toy tasks; docs/toy-tasks.md has what each learns. */
  'toy-mlp': {
    ...toy,
    model: 'mlp',
    contextSize: 32,
    dEmbed: 16,
    dHidden: 128,
    layers: 2,
    activation: 'gelu',
    batchSize: 128,
    lr: 0.003,
    maxSteps: 2000,
  },
  'toy-cnn': {
    ...toy,
    model: 'cnn',
    contextSize: 32,
    dEmbed: 16,
    dHidden: 64,
    batchSize: 128,
    lr: 0.003,
    maxSteps: 1500,
  },
  'toy-wavenet': {
    ...toy,
    model: 'wavenet',
    dHidden: 48,
    depth: 4,
    blocks: 2,
    layerNorm: true,
    packedSize: 256,
    lr: 0.006,
    maxSteps: 600,
  },
  'toy-gru': { ...toyRecurrent, model: 'gru' },
  'toy-lstm': { ...toyRecurrent, model: 'lstm' },
  'toy-gpt': {
    ...toy,
    model: 'gpt',
    contextSize: 32,
    dEmbed: 64,
    layers: 2,
    heads: 4,
    positions: 'rotary',
    norm: 'rms',
    activation: 'squared-relu',
    qkNorm: true,
    bias: 'none',
    tiedHead: false,
    optimizer: 'muon',
    beta2: 0.99,
    lr: 0.01,
    maxSteps: 400,
  },
  'toy-megabyte': {
    ...toy,
    model: 'megabyte',
    contextSize: 32,
    dEmbed: 16,
    batchSize: 64,
    lr: 0.005,
    maxSteps: 600,
  },
  'course-gpt-small': courseGpt({ layers: 2, heads: 2, dEmbed: 128, dropout: 0.1, batchSize: 8 }),
  'course-gpt-medium': courseGpt({ layers: 4, heads: 4, dEmbed: 256, dropout: 0.2, batchSize: 4 }),
} as const satisfies Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The names of {@link presets}. */
export const presetNames = namesOf(presets);

interface WaveNetRun {
  readonly channels: number;
  readonly dropout: number;
  readonly lr: number;
  readonly maxSteps: number;
}

/** What these WaveNets have in common: a receptive field of 15, AdamW, a cosine. */
function waveNet({ channels, dropout, lr, maxSteps }: WaveNetRun) {
  return {
    model: 'wavenet',
    dHidden: channels,
    depth: 3,
    blocks: 2,
    layerNorm: true,
    dropout,
    optimizer: 'adamw',
    beta2: 0.99,
    lr,
    schedule: 'cosine',
    warmupSteps: 100,
    finalLr: lr / 100,
    reshuffle: true,
    maxSteps,
    valInterval: 500,
  } as const;
}

interface CourseGptRun {
  readonly layers: number;
  readonly heads: number;
  readonly dEmbed: number;
  readonly dropout: number;
  readonly batchSize: number;
}

/** The course's class in sizes of its `configs/scaling_laws.yaml`, trained as its `configs/train.yaml` says, but at a higher rate on smaller batches. */
function courseGpt(sizes: CourseGptRun) {
  return {
    data: 'shakespeare',
    examples: 'blocks',
    model: 'gpt',
    contextSize: 256,
    ...sizes,
    dropoutAt: 'attention,feed-forward',
    bias: 'feed-forward,norm',
    tiedHead: false,
    projections: 'separate',
    init: 'pytorch',
    optimizer: 'adamw',
    lr: 0.001,
    weightDecay: 0.1,
    clipNorm: 1,
    schedule: 'cosine',
    warmupSteps: '10%',
    maxSteps: 1000,
    valInterval: 500,
  } as const;
}
