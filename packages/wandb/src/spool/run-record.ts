import { isRecord, JsonError, parseJson } from '../json.js';
import type { WandbHistogram } from '../values/histogram.js';
import type { TableFile, WandbTable } from '../values/table.js';

/** The settings of a run: names and values that JSON can hold. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** What git says of the folder in which a run was started. */
export interface GitFacts {
  /** Of `origin`, without user and password. */
  readonly remote?: string;
  readonly commit?: string;
}

/** Whether a run of the same id, if the server has one, is continued: it has to be there, it may be, or it must not. */
export type Resume = 'must' | 'allow' | 'never';

/** What a run is, in `run.json`. */
export interface RunRecord {
  /** The run's name in the server's database. */
  readonly id: string;
  readonly project: string;
  /** A user or team; default: the key's own. */
  readonly entity?: string;
  /** What people call it; default: one that the server makes up. */
  readonly name?: string;
  /** Runs of one group are shown as one. */
  readonly group?: string;
  /** Such as `train` or `evaluate`. */
  readonly jobType?: string;
  readonly notes?: string;
  readonly tags?: readonly string[];
  readonly config: RunConfig;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly host: string;
  readonly program: string;
  readonly git?: GitFacts;
  readonly resume?: Resume;
  /** Whether its steps are counted, and not given: those of a run that is continued follow its last one. */
  readonly countsSteps?: boolean;
  /** What wandb-metadata.json has: the machine, the program and its arguments. */
  readonly metadata?: RunConfig;
}

/** Numbers, texts, switches and histograms. */
export type HistoryValue = number | string | boolean | WandbHistogram | WandbTable | TableFile;

/** What was logged at a step. */
export type HistoryRow = Readonly<Record<string, HistoryValue>>;

/** A file of a kept run isn't what W&B's client writes. */
export class RunRecordError extends Error {
  override readonly name = 'RunRecordError';
}

const REMEDY = 'is it the folder of a run that was logged to W&B?';

/** @throws RunRecordError when the text of run.json isn't what {@link RunRecord} says */
export function parseRunRecord(text: string): RunRecord {
  const record = parseFile('run.json', text);
  const stringIn = (key: string): string => {
    const value = record[key];
    if (typeof value !== 'string') throw wrong('run.json', key, 'a string');
    return value;
  };
  const { config = {}, git, tags, resume, countsSteps, metadata } = record;
  if (!isRecord(config)) throw wrong('run.json', 'config', 'an object');
  if (!isRecord(metadata ?? {})) throw wrong('run.json', 'metadata', 'an object');
  const optional = ['entity', 'name', 'group', 'jobType', 'notes'].filter(
    (key) => record[key] !== undefined,
  );
  return {
    id: stringIn('id'),
    project: stringIn('project'),
    ...Object.fromEntries(optional.map((key) => [key, stringIn(key)])),
    ...(tags !== undefined && { tags: parseTags(tags) }),
    config,
    startedAt: stringIn('startedAt'),
    host: stringIn('host'),
    program: stringIn('program'),
    ...(git !== undefined && { git: parseGit(git) }),
    ...(resume !== undefined && { resume: parseResume(resume) }),
    ...(countsSteps === true && { countsSteps }),
    ...(isRecord(metadata) && { metadata }),
  };
}

function parseTags(tags: unknown): string[] {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags;
  throw wrong('run.json', 'tags', 'a list of strings');
}

function parseGit(git: unknown): GitFacts {
  const { remote, commit } = isRecord(git) ? git : {};
  return {
    ...(typeof remote === 'string' && { remote }),
    ...(typeof commit === 'string' && { commit }),
  };
}

function parseResume(resume: unknown): Resume {
  if (resume === 'must' || resume === 'allow' || resume === 'never') return resume;
  throw wrong('run.json', 'resume', 'must, allow or never');
}

/** The object of JSON in a file of a kept run. @throws RunRecordError when there is none */
export function parseFile(where: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(text, { where });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new RunRecordError(`${cause.message}; ${REMEDY}`, { cause });
  }
  if (!isRecord(value)) throw new RunRecordError(`${where} must hold an object; ${REMEDY}`);
  return value;
}

/** The error of a value that breaks a rule. */
export const wrong = (where: string, key: string, rule: string): RunRecordError =>
  new RunRecordError(`${where}: ${key} must be ${rule}; ${REMEDY}`);

/** A row of the history; nothing for a line that holds none, such as one that was cut. */
export function parseRow(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const row = parseJson(line);
    return isRecord(row) ? row : undefined;
  } catch {
    return undefined;
  }
}
