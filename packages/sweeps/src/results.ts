import { z } from 'zod';
import { parseJson } from '@llm101/safetensors';

/** A part of a trial's run that is to be done: to a pause, or to its end. */
export interface Job {
  /** Of the trial, from 0 on. */
  readonly trial: number;
  /** Which of its seeds, from 0 on. */
  readonly repetition: number;
  /** The step after which it pauses; undefined where it goes on to its end. */
  readonly until: number | undefined;
}

/** What came of a job. */
export interface Result {
  readonly trial: number;
  readonly repetition: number;
  /** As the job had it; undefined where it was to go on to its end. */
  readonly until?: number | undefined;
  /** Whether it paused, is over, or failed. */
  readonly status: 'paused' | 'finished' | 'failed';
  /** Steps done. */
  readonly step: number;
  /** The objective; undefined where it failed. */
  readonly value?: number | undefined;
  /** SHA-256 of the weights, where it is over. */
  readonly weightsSha256?: string | undefined;
  /** Why it failed. */
  readonly error?: string | undefined;
  /** How long this part took, in milliseconds. */
  readonly durationMs?: number | undefined;
}

const count = z.int().min(0);

const resultSchema = z.object({
  trial: count,
  repetition: count,
  until: count.optional(),
  status: z.enum(['paused', 'finished', 'failed']),
  step: count,
  value: z.number().optional(),
  weightsSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  error: z.string().max(10_000).optional(),
  durationMs: z.number().min(0).optional(),
});

/** What names a job among those of its sweep. */
export const jobKey = ({
  trial,
  repetition,
  until,
}: Omit<Job, 'until'> & { readonly until?: number | undefined }): string =>
  `${trial}/${repetition}/${until ?? 'end'}`;

/** The job that a result is of. */
export const jobOf = ({ trial, repetition, until }: Result): Job => ({ trial, repetition, until });

/** A line of a sweep's `results.jsonl`. */
export const resultLine = (result: Result): string => `${JSON.stringify(result)}\n`;

/** A result from elsewhere; nothing where it isn't one. */
export function parseResult(value: unknown): Result | undefined {
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { status, value: objective } = parsed.data;
  return status !== 'failed' && objective === undefined ? undefined : parsed.data;
}

/**
 * The results of a sweep's `results.jsonl`, each job's first. Lines that hold no result, such as the half of one that a kill left, are
 * skipped: their jobs are done again, to the same result.
 */
export function parseResults(text: string): Result[] {
  const results = new Map<string, Result>();
  for (const line of text.split('\n')) {
    const result = line === '' ? undefined : parseResult(parsedLine(line));
    if (result !== undefined && !results.has(jobKey(result))) results.set(jobKey(result), result);
  }
  return [...results.values()];
}

function parsedLine(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}
