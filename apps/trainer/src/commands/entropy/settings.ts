import { z } from 'zod';
import { splitSettingsSchema, whole } from '@llm101/runs';

/** What `llm101 entropy` measures. */
export const entropySettingsSchema = splitSettingsSchema.extend({
  order: whole(1, 16).default(6),
  unit: z.enum(['bits', 'nats'], { error: 'bits or nats' }).default('bits'),
});

/** Settings that have been checked. */
export type EntropySettings = Readonly<z.infer<typeof entropySettingsSchema>>;
