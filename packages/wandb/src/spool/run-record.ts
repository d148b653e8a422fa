import type { WandbHistogram } from '../histogram.js';
import { isCount, isRecord, JsonError, parseJson } from '../json.js';

/** The settings of a run: names and values that JSON can hold. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** What a run is, in `run.json`. */
export interface RunRecord {
  /** Eight letters and digits; the run's name in the server's database. */
  readonly id: string;
  readonly project: string;
  /** A user or team; default: the key's own. */
  readonly entity?: string;
  /** What people call it; default: one that the server makes up. */
  readonly name?: string;
  readonly config: RunConfig;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly host: string;
  readonly program: string;
}

/** What the server knows of a run, in `state.json`. */
export interface SendState {
  /** Rows of the history that it has, and their bytes in history.jsonl. */
  readonly sentLines: number;
  readonly sentBytes: number;
  /** Once the run has ended. */
  readonly exitCode?: number;
  /** Whether it knows of the end too. */
  readonly complete: boolean;
}

/** Numbers, texts, switches and histograms. */
export type HistoryValue = number | string | boolean | WandbHistogram;

/** What was logged at a step. */
export type HistoryRow = Readonly<Record<string, HistoryValue>>;

/** A run that has sent nothing yet. */
export const UNSENT: SendState = { sentLines: 0, sentBytes: 0, complete: false };

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
  const { config = {} } = record;
  if (!isRecord(config)) throw wrong('run.json', 'config', 'an object');
  return {
    id: stringIn('id'),
    project: stringIn('project'),
    ...(record['entity'] !== undefined && { entity: stringIn('entity') }),
    ...(record['name'] !== undefined && { name: stringIn('name') }),
    config,
    startedAt: stringIn('startedAt'),
    host: stringIn('host'),
    program: stringIn('program'),
  };
}

/** @throws RunRecordError when the text of state.json isn't what {@link SendState} says */
export function parseSendState(text: string): SendState {
  const {
    sentLines = 0,
    sentBytes = 0,
    complete = false,
    exitCode,
  } = parseFile('state.json', text);
  if (!isCount(sentLines)) throw wrong('state.json', 'sentLines', 'a whole number');
  if (!isCount(sentBytes)) throw wrong('state.json', 'sentBytes', 'a whole number');
  if (typeof complete !== 'boolean') throw wrong('state.json', 'complete', 'true or false');
  if (exitCode === undefined) return { sentLines, sentBytes, complete };
  if (typeof exitCode !== 'number') throw wrong('state.json', 'exitCode', 'a number');
  return { sentLines, sentBytes, complete, exitCode };
}

function parseFile(where: string, text: string): Record<string, unknown> {
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

const wrong = (where: string, key: string, rule: string): RunRecordError =>
  new RunRecordError(`${where}: ${key} must be ${rule}; ${REMEDY}`);

/** A row of the history; nothing for a line that holds none, such as one that was cut. */
export function parseRow(line: string): Record<string, unknown> | undefined {
  try {
    const row = parseJson(line);
    return isRecord(row) ? row : undefined;
  } catch {
    return undefined;
  }
}
