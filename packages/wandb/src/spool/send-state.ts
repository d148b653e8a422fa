import { isCount, isRecord } from '../json.js';
import { parseFile, wrong } from './run-record.js';

/** What a run writes line by line: its history, the machine's figures, and what it printed. */
export const STREAMS = ['history', 'events', 'output'] as const;

/** One of {@link STREAMS}. */
export type StreamName = (typeof STREAMS)[number];

/** How much of a stream the server has. */
export interface Sent {
  readonly lines: number;
  /** Of these lines in the stream's file. */
  readonly bytes: number;
}

/** What the server had of a run that it continues, before this process began. */
export interface ServerBase {
  /** Lines of each stream. */
  readonly lines: Readonly<Record<StreamName, number>>;
  /** The first step that is free. */
  readonly step: number;
  /** How long it ran, in seconds. */
  readonly runtime: number;
}

/** What the server knows of a run, in `state.json`. */
export interface SendState {
  readonly sent: Readonly<Record<StreamName, Sent>>;
  /** Names of files that it has. */
  readonly files: readonly string[];
  /** How many artifacts it has, of the first ones. */
  readonly artifacts: number;
  /** Where the run is the continuation of one that it had; `null` where it was asked and had none. */
  readonly base?: ServerBase | null;
  /** Once the run has ended. */
  readonly exitCode?: number;
  /** Whether it knows of the end too. */
  readonly complete: boolean;
}

const NOTHING: Sent = { lines: 0, bytes: 0 };

/** A run that has sent nothing yet. */
export const UNSENT: SendState = {
  sent: { history: NOTHING, events: NOTHING, output: NOTHING },
  files: [],
  artifacts: 0,
  complete: false,
};

/** @throws RunRecordError when the text of state.json isn't what {@link SendState} says */
export function parseSendState(text: string): SendState {
  const state = parseFile('state.json', text);
  const { sent = {}, files = [], artifacts = 0, complete = false, exitCode, base } = state;
  if (!Array.isArray(files) || !files.every((name) => typeof name === 'string'))
    throw wrong('state.json', 'files', 'a list of strings');
  if (!isCount(artifacts)) throw wrong('state.json', 'artifacts', 'a whole number');
  if (typeof complete !== 'boolean') throw wrong('state.json', 'complete', 'true or false');
  if (exitCode !== undefined && typeof exitCode !== 'number')
    throw wrong('state.json', 'exitCode', 'a number');
  return {
    sent: {
      history: parseSent(sent, 'history'),
      events: parseSent(sent, 'events'),
      output: parseSent(sent, 'output'),
    },
    files,
    artifacts,
    ...(base !== undefined && { base: base === null ? null : parseBase(base) }),
    complete,
    ...(exitCode !== undefined && { exitCode }),
  };
}

function parseSent(sent: unknown, stream: StreamName): Sent {
  if (!isRecord(sent)) throw wrong('state.json', 'sent', 'an object');
  const { lines = 0, bytes = 0 } = { ...Object(sent[stream]) };
  if (!isCount(lines)) throw wrong('state.json', `lines of ${stream}`, 'a whole number');
  if (!isCount(bytes)) throw wrong('state.json', `bytes of ${stream}`, 'a whole number');
  return { lines, bytes };
}

function parseBase(base: unknown): ServerBase {
  const { lines, step, runtime } = { ...Object(base) } as Partial<Record<string, unknown>>;
  const { history, events, output } = { ...Object(lines) } as Partial<Record<string, unknown>>;
  if (isCount(history) && isCount(events) && isCount(output) && isCount(step)) {
    if (typeof runtime === 'number') return { lines: { history, events, output }, step, runtime };
  }
  throw wrong('state.json', 'base', 'what the server had');
}
