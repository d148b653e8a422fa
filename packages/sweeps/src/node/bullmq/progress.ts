import { parseJson } from '@llm101/safetensors';
import { z } from 'zod';

/** How far a job is. */
export interface QueueProgress {
  readonly step: number;
  /** Mean of all mini-batch losses so far, in nats. */
  readonly trainLoss: number;
}

const schema = z.strictObject({ step: z.int().min(0), trainLoss: z.number() });

/** What a worker says; nothing where it is something else. */
export function parseProgress(message: string): QueueProgress | undefined {
  try {
    return message === '' ? undefined : schema.safeParse(parseJson(message)).data;
  } catch {
    return undefined;
  }
}
