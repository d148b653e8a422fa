import type { RunConfig } from '../../loop/training-event.js';

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

/** W&B's form of a histogram: one edge more than counts. */
export interface WandbHistogram {
  readonly _type: 'histogram';
  readonly values: readonly number[];
  readonly bins: readonly number[];
}

/** What was logged at a step. */
export type HistoryRow = Readonly<Record<string, HistoryValue>>;

/** A run that has sent nothing yet. */
export const UNSENT: SendState = { sentLines: 0, sentBytes: 0, complete: false };

/** @throws TypeError when the text of run.json isn't what {@link RunRecord} says */
export function parseRunRecord(text: string): RunRecord {
  const record = JSON.parse(text) as Partial<RunRecord> | null;
  for (const key of ['id', 'project', 'startedAt', 'host', 'program'] as const) {
    if (typeof record?.[key] !== 'string') {
      throw new TypeError(
        `run.json: ${key} must be a string; got ${JSON.stringify(record?.[key])}`,
      );
    }
  }
  return { config: {}, ...record } as RunRecord;
}

/** As JSON, but for numbers that it lacks: these become strings, as W&B has them. */
export function rowToJson(row: HistoryRow): string {
  const written = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  ]);
  return JSON.stringify(Object.fromEntries(written));
}
