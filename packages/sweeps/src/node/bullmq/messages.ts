import { type RawSettings, resolveSettings, type Settings, UserError } from '@llm101/runs';
import { parseJson } from '@llm101/safetensors';
import { z } from 'zod';
import { type Job, parseResult, type Result } from '../../results.js';
import { objectives, type Objective } from '../../sweep.js';

/** Settings that name a file or a text. */
export const fileSettings = ['data', 'initFrom', 'tokenizerFile'] as const;

/** A setting that names a file or a text. */
export type FileSetting = (typeof fileSettings)[number];

/** Where a worker finds a file: a data set or a URL by its name, what has a SHA-256, or a path in the shared folder, with `/`. */
export type FilePlace =
  { readonly name: string } | { readonly sha256: string } | { readonly shared: string };

/** A part of a trial's run, as a queue has it. It is plain data. */
export interface QueuedJob extends Job {
  readonly objective: Objective;
  /** Those of the run, without `fileSettings`. */
  readonly settings: RawSettings;
  /** Where the files are that the settings name; `data` is always among them. */
  readonly files: Readonly<Partial<Record<FileSetting, FilePlace | undefined>>>;
}

/** Bytes of a job or a result, without files. */
export const MESSAGE_BYTES = 65_536;

const count = z.int().min(0);
const isInside = (path: string): boolean =>
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
const place = z.union([
  z.strictObject({ name: z.string().min(1).max(2000) }),
  z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({
    shared: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[^\\:\0]+$/)
      .refine(isInside),
  }),
]);
const names = Object.keys(objectives) as [Objective, ...Objective[]];

const jobSchema = z.strictObject({
  version: z.literal(1),
  trial: count,
  repetition: count,
  until: count.optional(),
  objective: z.enum(names),
  settings: z.record(
    z.string().max(100),
    z.union([z.string().max(2000), z.number(), z.boolean(), z.array(z.number()).max(1000)]),
  ),
  files: z.strictObject({
    data: place,
    initFrom: place.optional(),
    tokenizerFile: place.optional(),
  }),
});

/** A job as a message. @throws UserError when it is too long for one */
export function jobMessage(job: QueuedJob): string {
  const { trial, repetition, until, objective, settings, files } = job;
  const text = JSON.stringify({
    version: 1,
    trial,
    repetition,
    until,
    objective,
    settings,
    files,
  });
  if (Buffer.byteLength(text) > MESSAGE_BYTES) {
    throw new UserError(
      `the settings of trial ${trial} are too long for a queue: more than ${MESSAGE_BYTES} bytes`,
    );
  }
  return text;
}

/**
 * A job that a queue hands out, checked: its settings are ones that a run can have, and none names a file.
 *
 * @throws UserError saying what is wrong
 */
export function parseJob(message: string): QueuedJob {
  const parsed = jobSchema.safeParse(parsedJson(message));
  if (!parsed.success) {
    const [{ path, message: rule }] = parsed.error.issues;
    throw new UserError(`a job of the queue isn't one of llm101: ${path.join('.')}: ${rule}`);
  }
  const { version: _, until, ...job } = parsed.data;
  const stray = fileSettings.find((key) => Object.hasOwn(job.settings, key));
  if (stray !== undefined) {
    throw new UserError(`a job of the queue isn't one of llm101: its ${stray} is a path`);
  }
  settingsOf(job.settings);
  return { ...job, until };
}

/** @throws UserError when a run can't have them */
function settingsOf(settings: RawSettings): Settings {
  try {
    return resolveSettings({ flags: settings });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`a job of the queue can't be run: ${why}`, { cause });
  }
}

/** A result as a message. */
export function resultMessage(result: Result): string {
  const { error } = result;
  return JSON.stringify({ ...result, ...(error !== undefined && { error: error.slice(0, 2000) }) });
}

/**
 * A result that a worker has sent, checked: it is of that job.
 *
 * @throws UserError when it is something else
 */
export function parseResultOf(job: Job, message: string): Result {
  const result = parseResult(parsedJson(message));
  const isOfIt =
    result !== undefined &&
    result.trial === job.trial &&
    result.repetition === job.repetition &&
    result.until === job.until &&
    (result.status !== 'paused' || job.until !== undefined);
  if (!isOfIt) {
    throw new UserError(`a worker has sent something that is no result of trial ${job.trial}`);
  }
  return result;
}

function parsedJson(message: string): unknown {
  try {
    return parseJson(message, { depth: 8, values: 10_000 });
  } catch {
    return undefined;
  }
}
