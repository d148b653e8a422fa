import type { z } from 'zod';
import { settingsSchema } from './settings.js';

/** What decides which lines of a text are learned from and which are held out. */
export const SPLIT_SETTINGS = ['data', 'alphabet', 'valSize', 'distinct', 'seed'] as const;

/** A schema of {@link SPLIT_SETTINGS}, to be extended. */
export const splitSettingsSchema = settingsSchema.pick({
  data: true,
  alphabet: true,
  valSize: true,
  distinct: true,
  seed: true,
});

/** Settings of a split that have been checked. */
export type SplitSettings = Readonly<z.infer<typeof splitSettingsSchema>>;
