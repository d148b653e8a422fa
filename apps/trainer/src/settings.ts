import { z } from 'zod';
import { flag, fraction, positive, text, whole } from './rules.js';

/** Everything that decides how a run goes; the defaults are the lecture's. */
export const settingsSchema = z.strictObject({
  data: text('the name of a data set, a path or a URL').default('names'),
  alphabet: text('the characters, each once, or auto').default('abcdefghijklmnopqrstuvwxyz'),
  valSize: fraction().default(0.1),
  distinct: flag().default(false),
  model: z.enum(['mlp', 'cnn'], { error: 'mlp or cnn' }).default('mlp'),
  contextSize: whole(1).default(16),
  dEmbed: whole(1).default(8),
  dHidden: whole(1).default(64),
  batchSize: whole(1).default(32),
  maxSteps: whole(1).default(10_000),
  lr: positive().default(0.01),
  reshuffle: flag().default(false),
  valInterval: whole(0).default(100),
  logInterval: whole(1).default(100),
  watchInterval: whole(0).default(1000),
  sampleInterval: whole(0).default(1000),
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
