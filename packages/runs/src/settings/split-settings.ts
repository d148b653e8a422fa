import type { z } from 'zod';
import { settingsSchema } from './settings.js';

/** The settings that decide which lines of a text are trained on and which are held out. */
export const SPLIT_SETTINGS = [
  'data',
  'examples',
  'tokenizer',
  'vocabSize',
  'tokenizerFile',
  'alphabet',
  'normalize',
  'split',
  'valSize',
  'trainShare',
  'distinct',
  'answerAfter',
  'seed',
] as const;

/** A schema of {@link SPLIT_SETTINGS} and the hash of the text, to be extended. */
export const splitSettingsSchema = settingsSchema.pick({
  data: true,
  dataSha256: true,
  examples: true,
  tokenizer: true,
  vocabSize: true,
  tokenizerFile: true,
  alphabet: true,
  normalize: true,
  split: true,
  valSize: true,
  trainShare: true,
  distinct: true,
  answerAfter: true,
  seed: true,
});

/** Settings of a split that have been checked. */
export type SplitSettings = Readonly<z.infer<typeof splitSettingsSchema>>;
