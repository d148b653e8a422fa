import { z } from 'zod';
import { positive, whole } from '@llm101/runs';

/** What `llm101 lr-find` tries. */
export const lrFindSettingsSchema = z.strictObject({
  from: positive().default(1e-5),
  to: positive().default(10),
  steps: whole(2).default(200),
});

/** Settings that have been checked. */
export type LrFindSettings = Readonly<z.infer<typeof lrFindSettingsSchema>>;
