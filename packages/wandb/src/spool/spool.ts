import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { GrowingFile, linesUntil, MOST_LOG_BYTES, readTextWithin, replaceFile } from './files.js';
import { parseRow, parseRunRecord, parseSendState, UNSENT } from './run-record.js';
import type { RunConfig, RunRecord, SendState } from './run-record.js';

/** Bytes of history in one request. */
const CHUNK_BYTES = 1 << 20;

/** Bytes of a row, which goes in one request. */
const MOST_ROW_BYTES = 64_000_000;

/** How many bytes the files of a folder may have. */
const MOST_BYTES = { record: 16_000_000, state: 10_000, history: MOST_LOG_BYTES } as const;

/** Rows that the server doesn't have yet. */
export interface Unsent {
  readonly lines: readonly string[];
  readonly bytes: number;
}

/** The folder that a run is kept in until it is sent, and after. */
export class Spool {
  /** Empty where nothing is kept. */
  readonly folder: string;
  readonly #isKept: boolean;
  #record: RunRecord;
  #state: SendState;
  #history: GrowingFile | undefined;

  private constructor(folder: string | undefined, record: RunRecord, state: SendState) {
    this.folder = folder ?? '';
    this.#isKept = folder !== undefined;
    this.#record = record;
    this.#state = state;
  }

  /** @throws Error when the folder can't be written */
  static create(folder: string, record: RunRecord): Spool {
    mkdirSync(folder, { recursive: true });
    const spool = new Spool(folder, record, UNSENT);
    spool.#history = new GrowingFile(spool.#historyPath, '');
    spool.#writeRecord();
    spool.#writeState();
    return spool;
  }

  /** Keeps nothing. */
  static disabled(record: RunRecord): Spool {
    return new Spool(undefined, record, UNSENT);
  }

  /** @throws Error when there is no run in the folder, or what is there can't be read */
  static open(folder: string): Spool {
    const record = parseRunRecord(readTextWithin(join(folder, 'run.json'), MOST_BYTES.record));
    const statePath = join(folder, 'state.json');
    const state = existsSync(statePath)
      ? parseSendState(readTextWithin(statePath, MOST_BYTES.state))
      : UNSENT;
    const spool = new Spool(folder, record, state);
    // a history that was cut, or is another: what it has is sent once more
    if (state.sentBytes > statSync(spool.#historyPath).size) spool.#state = UNSENT;
    return spool;
  }

  /** Opens a run that is resumed: rows of later steps are dropped, and those that remain are sent once more. */
  static resume(folder: string, resumedAt: number): Spool {
    const spool = Spool.open(folder);
    const rows = linesUntil(spool.#historyPath, resumedAt, stepOf);
    spool.#history = new GrowingFile(spool.#historyPath, rows);
    spool.#setState(UNSENT);
    return spool;
  }

  get record(): RunRecord {
    return this.#record;
  }

  get state(): SendState {
    return this.#state;
  }

  setConfig(config: RunConfig): void {
    this.#record = { ...this.#record, config };
    this.#writeRecord();
  }

  append(row: string): void {
    this.#history?.append(`${row}\n`);
  }

  end(exitCode: number): void {
    this.#history?.close();
    this.#setState({ ...this.#state, exitCode });
  }

  /** The rows after those that were sent, at most a chunk of them; a longer row comes alone. */
  unsent(): Unsent {
    const { sentBytes } = this.#state;
    const rest = statSync(this.#historyPath).size - sentBytes;
    let text = this.#read(sentBytes, Math.min(rest, CHUNK_BYTES));
    if (!text.includes('\n') && rest > CHUNK_BYTES) {
      text = this.#read(sentBytes, Math.min(rest, MOST_ROW_BYTES));
      if (!text.includes('\n') && rest > MOST_ROW_BYTES) throw rowTooLong(this.#historyPath);
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return { lines: whole.split('\n').slice(0, -1), bytes: Buffer.byteLength(whole) };
  }

  /** The server has these rows now. */
  acknowledge({ lines, bytes }: Unsent): void {
    const { sentLines, sentBytes } = this.#state;
    this.#setState({
      ...this.#state,
      sentLines: sentLines + lines.length,
      sentBytes: sentBytes + bytes,
    });
  }

  /** The server knows that the run has ended. */
  complete(): void {
    this.#setState({ ...this.#state, complete: true });
  }

  /** Every whole row of the history. */
  lines(): string[] {
    return readTextWithin(this.#historyPath, MOST_BYTES.history).split('\n').slice(0, -1);
  }

  get #historyPath(): string {
    return join(this.folder, 'history.jsonl');
  }

  /** A character that is cut at the end is of a line that isn't whole. */
  #read(position: number, length: number): string {
    const bytes = Buffer.alloc(length);
    const file = openSync(this.#historyPath, 'r');
    try {
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, position));
    } finally {
      closeSync(file);
    }
  }

  #setState(state: SendState): void {
    this.#state = state;
    this.#writeState();
  }

  #writeState(): void {
    if (!this.#isKept) return;
    replaceFile(join(this.folder, 'state.json'), `${JSON.stringify(this.#state)}\n`);
  }

  #writeRecord(): void {
    if (!this.#isKept) return;
    replaceFile(join(this.folder, 'run.json'), `${JSON.stringify(this.#record, undefined, 2)}\n`);
  }
}

function stepOf(line: string): number {
  const step = parseRow(line)?.['_step'];
  return typeof step === 'number' ? step : NaN;
}

function rowTooLong(path: string): RangeError {
  return new RangeError(
    `${path}: a row may have ${MOST_ROW_BYTES.toLocaleString('en-US')} bytes; the next one has more; take it out`,
  );
}
