import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { writeFileWholeSync } from '../write-file-whole.js';
import { keptLines, LogFile } from '../log-file.js';
import type { RunConfig } from '../../loop/training-event.js';
import { parseRunRecord, UNSENT, type RunRecord, type SendState } from './run-record.js';

/** Bytes of history in one request. */
const CHUNK_BYTES = 1 << 20;

/** Rows that the server doesn't have yet. */
export interface Unsent {
  readonly lines: readonly string[];
  readonly bytes: number;
}

/** The folder that a run is kept in until it is sent, and after. */
export class Spool {
  readonly folder: string;
  #record: RunRecord;
  #state: SendState;
  #history: LogFile | undefined;

  private constructor(folder: string, record: RunRecord, state: SendState) {
    this.folder = folder;
    this.#record = record;
    this.#state = state;
  }

  /** @throws Error when the folder can't be written */
  static create(folder: string, record: RunRecord): Spool {
    mkdirSync(folder, { recursive: true });
    const spool = new Spool(folder, record, UNSENT);
    spool.#history = new LogFile(spool.#historyPath, '');
    spool.#writeRecord();
    spool.#writeState();
    return spool;
  }

  /** @throws Error when there is no run in the folder, or what is there can't be read */
  static open(folder: string): Spool {
    const record = parseRunRecord(readFileSync(join(folder, 'run.json'), 'utf8'));
    const statePath = join(folder, 'state.json');
    const state = existsSync(statePath)
      ? { ...UNSENT, ...(JSON.parse(readFileSync(statePath, 'utf8')) as Partial<SendState>) }
      : UNSENT;
    return new Spool(folder, record, state);
  }

  /** Opens a run that is resumed: rows of later steps are dropped, and those that remain are sent once more. */
  static resume(folder: string, resumedAt: number): Spool {
    const spool = Spool.open(folder);
    const rows = keptLines(spool.#historyPath, { resumedAt }, stepOf);
    spool.#history = new LogFile(spool.#historyPath, rows);
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
    if (!text.includes('\n') && rest > CHUNK_BYTES) text = this.#read(sentBytes, rest);
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
    return readFileSync(this.#historyPath, 'utf8').split('\n').slice(0, -1);
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
    replaceFile(join(this.folder, 'state.json'), `${JSON.stringify(this.#state)}\n`);
  }

  #writeRecord(): void {
    replaceFile(join(this.folder, 'run.json'), `${JSON.stringify(this.#record, undefined, 2)}\n`);
  }
}

function stepOf(line: string): number {
  return Number((JSON.parse(line) as Record<string, unknown>)['_step']);
}

/** A reader sees the old content or the new, never half of one. */
function replaceFile(path: string, content: string): void {
  writeFileWholeSync(path, content, { flush: false }); // a run that trains can't wait for the disk
}
