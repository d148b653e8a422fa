import { channelKinds } from '@llm101/inference';
import { between, splitSettingsSchema, whole } from '@llm101/runs';
import { z } from 'zod';

/** What `llm101 denoise` does. */
export const denoiseSettingsSchema = splitSettingsSchema.extend({
  channel: z
    .enum(channelKinds, { error: 'substitution, erasure or binary' })
    .default('substitution'),
  rate: between(0, 1).default(0.1),
  count: whole(1).default(1000),
  beam: whole(1, 100_000).default(32),
  order: whole(1, 16).default(6),
  decode: z.enum(['letters', 'names'], { error: 'letters or names' }).default('letters'),
  noiseSeed: whole(0, 2 ** 32 - 1).default(101),
});

/** Settings that have been checked. */
export type DenoiseSettings = Readonly<z.infer<typeof denoiseSettingsSchema>>;
