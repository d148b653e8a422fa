import { z } from 'zod';
import { between, fractionUpTo1, whole } from '@llm101/runs';

/** What `llm101 sample` draws. */
export const sampleSettingsSchema = z.strictObject({
  count: whole(1).default(10),
  temperature: between(0, 100).default(1),
  topK: whole(1).optional(),
  topP: fractionUpTo1().default(1),
  prompt: z.string().default(''),
  maxLength: whole(1).default(100),
  seed: whole(0, 2 ** 32 - 1).default(101),
});

/** Settings that have been checked. */
export type SampleSettings = Readonly<z.infer<typeof sampleSettingsSchema>>;
