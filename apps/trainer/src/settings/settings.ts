import { z } from 'zod';
import { PRESET_NAMES } from './presets.js';
import { below1, between, flag, fraction, from0, positive, text, whole } from './rules.js';

/** Everything that decides how a run goes; the defaults are the lecture's. */
export const settingsSchema = z.strictObject({
  /** The name of settings that others stand before. */
  preset: z.enum(PRESET_NAMES, { error: PRESET_NAMES.join(', ') }).optional(),
  data: text('the name of a data set, a path or a URL').default('names'),
  alphabet: text('the characters, each once, or auto').default('abcdefghijklmnopqrstuvwxyz'),
  valSize: fraction().default(0.1),
  distinct: flag().default(false),
  model: z.enum(['mlp', 'cnn', 'wavenet'], { error: 'mlp, cnn or wavenet' }).default('mlp'),
  contextSize: whole(1).default(16),
  dEmbed: whole(1).default(8),
  dHidden: whole(1).default(64),
  depth: whole(1, 16).default(4),
  blocks: whole(1, 64).default(1),
  layerNorm: flag().default(false),
  dropout: below1().default(0),
  batchSize: whole(1).default(32),
  packedSize: whole(1).default(512),
  maxSteps: whole(1).default(10_000),
  optimizer: z.enum(['sgd', 'adam', 'adamw'], { error: 'sgd, adam or adamw' }).default('sgd'),
  lr: positive().default(0.01),
  momentum: between(0, 1).default(0),
  nesterov: flag().default(false),
  beta1: below1().default(0.9),
  beta2: below1().default(0.999),
  epsilon: from0().default(1e-8),
  /** Unless given, PyTorch's: 0.01 for adamw, else 0. */
  weightDecay: from0().optional(),
  decayMatrices: flag().default(false),
  clipNorm: from0().default(0),
  schedule: z
    .enum(['constant', 'step', 'cosine', 'one-cycle'], {
      error: 'constant, step, cosine or one-cycle',
    })
    .default('constant'),
  warmupSteps: whole(0).default(0),
  finalLr: from0().default(0),
  stepSize: whole(1).default(1000),
  gamma: positive().default(0.1),
  reshuffle: flag().default(false),
  valInterval: whole(0).default(100),
  logInterval: whole(1).default(100),
  watchInterval: whole(0).default(1000),
  sampleInterval: whole(0).default(1000),
  checkpointInterval: whole(0).default(1000),
  patience: whole(0).default(0),
  minDelta: from0().default(0),
  compile: flag().default(true),
  relaxedSimd: flag().default(false),
  seed: whole(0, 2 ** 32 - 1).default(101),
  /** SHA-256 that the data must have: what a run folder's config.json holds, so that it can be repeated. */
  dataSha256: z
    .string({ error: '64 hex digits' })
    .regex(/^[0-9a-f]{64}$/, { error: '64 hex digits' })
    .optional(),
});

/** Settings that have been checked. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;
