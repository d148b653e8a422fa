import { Buffer } from 'node:buffer';
import * as fs from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { toJson } from '../json.js';
import {
  GrowingFile,
  isOwnFolder,
  linesUntil,
  MOST_LOG_BYTES,
  readTextWithin,
  replaceFile,
} from './files.js';
import { parseFile, parseRow, parseRunRecord } from './run-record.js';
import type { RunConfig, RunRecord } from './run-record.js';
import { parseSendState, STREAMS, UNSENT } from './send-state.js';
import type { SendState, Sent, StreamName } from './send-state.js';

/** Bytes of a stream in one request. */
const CHUNK_BYTES = 1 << 20;

/** Bytes of a row, which goes in one request. */
const MOST_ROW_BYTES = 64_000_000;

/** How many bytes the files of a folder may have. */
const MOST_BYTES = { record: 16_000_000, state: 1_000_000, summary: 16_000_000 } as const;

/** Files that a run may have beside its streams, such as tables. */
const MOST_FILES = 10_000;

const FILE_OF: Readonly<Record<StreamName, string>> = {
  history: 'history.jsonl',
  events: 'events.jsonl',
  output: 'output.log',
};

/** Lines after those that were sent. */
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
  #summary: RunConfig = {};
  readonly #streams = new Map<StreamName, GrowingFile>();

  private constructor(folder: string | undefined, record: RunRecord, state: SendState) {
    this.folder = folder ?? '';
    this.#isKept = folder !== undefined;
    this.#record = record;
    this.#state = state;
  }

  /** @throws Error when the folder can't be written */
  static create(folder: string, record: RunRecord): Spool {
    fs.mkdirSync(folder, { recursive: true });
    for (const left of ['files', 'artifacts', 'summary.json', FILE_OF.events, FILE_OF.output]) {
      fs.rmSync(join(folder, left), { recursive: true, force: true }); // of an earlier run
    }
    const spool = new Spool(folder, record, UNSENT);
    spool.#open('history', '');
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
    const state = fs.existsSync(statePath)
      ? parseSendState(readTextWithin(statePath, MOST_BYTES.state))
      : UNSENT;
    const spool = new Spool(folder, record, state);
    const summaryPath = join(folder, 'summary.json');
    if (fs.existsSync(summaryPath)) {
      spool.#summary = parseFile('summary.json', readTextWithin(summaryPath, MOST_BYTES.summary));
    }
    // a stream that was cut, or is another: what it has is sent once more
    const isCut = STREAMS.some((name) => state.sent[name].bytes > spool.#sizeOf(name));
    if (isCut) spool.#state = UNSENT;
    return spool;
  }

  /** Opens a run that is resumed: rows of later steps are dropped, and those that remain are sent once more. */
  static resume(folder: string, resumedAt: number): Spool {
    const spool = Spool.open(folder);
    spool.#open('history', linesUntil(spool.#pathOf('history'), resumedAt, stepOf));
    for (const name of ['events', 'output'] as const) {
      if (fs.existsSync(spool.#pathOf(name))) {
        spool.#open(
          name,
          linesUntil(spool.#pathOf(name), 0, () => 0),
        );
      }
    }
    const { base, artifacts } = spool.#state;
    spool.#setState({ ...UNSENT, artifacts, ...(base !== undefined && { base }) });
    return spool;
  }

  get record(): RunRecord {
    return this.#record;
  }

  get state(): SendState {
    return this.#state;
  }

  /** What was set in the summary, beside the last values of the history. */
  get summary(): RunConfig {
    return this.#summary;
  }

  setRecord(changes: Partial<RunRecord>): void {
    this.#record = { ...this.#record, ...changes };
    this.#writeRecord();
  }

  setState(changes: Partial<SendState>): void {
    this.#setState({ ...this.#state, ...changes });
  }

  setSummary(values: RunConfig): void {
    this.#summary = { ...this.#summary, ...values };
    if (this.#isKept) replaceFile(join(this.folder, 'summary.json'), `${toJson(this.#summary)}\n`);
  }

  append(stream: StreamName, line: string): void {
    if (!this.#isKept) return;
    this.#open(stream).append(`${line}\n`);
  }

  /** Keeps a file of the run under its name there, such as `media/table/…`. */
  addFile(name: string, content: string | Uint8Array): void {
    if (!this.#isKept) return;
    const place = join(this.folder, 'files');
    if (!isOwnFolder(place)) fs.rmSync(place, { force: true }); // a link leads out of the folder
    fs.mkdirSync(dirname(join(place, name)), { recursive: true });
    replaceFile(join(place, name), content);
  }

  /** Names of the files that were not sent, in the order of their names. */
  unsentFiles(): string[] {
    const folder = join(this.folder, 'files');
    if (!isOwnFolder(folder)) return [];
    const sent = new Set(this.#state.files);
    return fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .map((name) => name.split(sep).join('/'))
      .filter((name) => !sent.has(name))
      .sort()
      .slice(0, MOST_FILES);
  }

  end(exitCode: number): void {
    for (const file of this.#streams.values()) file.close();
    this.#setState({ ...this.#state, exitCode });
  }

  /** The lines after those that were sent, at most a chunk of them; a longer line comes alone. */
  unsent(stream: StreamName): Unsent {
    const { bytes } = this.#state.sent[stream];
    const rest = this.#sizeOf(stream) - bytes;
    if (rest <= 0) return { lines: [], bytes: 0 };
    let text = this.#read(stream, bytes, Math.min(rest, CHUNK_BYTES));
    if (!text.includes('\n') && rest > CHUNK_BYTES) {
      text = this.#read(stream, bytes, Math.min(rest, MOST_ROW_BYTES));
      if (!text.includes('\n') && rest > MOST_ROW_BYTES) throw rowTooLong(this.#pathOf(stream));
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return { lines: whole.split('\n').slice(0, -1), bytes: Buffer.byteLength(whole) };
  }

  /** What each stream has after those lines. */
  allUnsent(): Readonly<Record<StreamName, Unsent>> {
    const [history, events, output] = STREAMS.map((name) => this.unsent(name));
    return { history, events, output };
  }

  /** The server has these lines now. */
  acknowledge(news: Readonly<Record<StreamName, Unsent>>): void {
    const { sent } = this.#state;
    const after = (name: StreamName): Sent => ({
      lines: sent[name].lines + news[name].lines.length,
      bytes: sent[name].bytes + news[name].bytes,
    });
    const [history, events, output] = STREAMS.map(after);
    this.setState({ sent: { history, events, output } });
  }

  /** Every whole line of a stream. */
  lines(stream: StreamName): string[] {
    const path = this.#pathOf(stream);
    if (!fs.existsSync(path)) return [];
    return readTextWithin(path, MOST_LOG_BYTES).split('\n').slice(0, -1);
  }

  #open(stream: StreamName, content = ''): GrowingFile {
    const opened = this.#streams.get(stream);
    if (opened !== undefined) return opened;
    const file = new GrowingFile(this.#pathOf(stream), content);
    this.#streams.set(stream, file);
    return file;
  }

  #pathOf(stream: StreamName): string {
    return join(this.folder, FILE_OF[stream]);
  }

  #sizeOf(stream: StreamName): number {
    const path = this.#pathOf(stream);
    // there is no run without a history
    return stream === 'history' || fs.existsSync(path) ? fs.statSync(path).size : 0;
  }

  /** A character that is cut at the end is of a line that isn't whole. */
  #read(stream: StreamName, position: number, length: number): string {
    const bytes = Buffer.alloc(length);
    const file = fs.openSync(this.#pathOf(stream), 'r');
    try {
      return bytes.toString('utf8', 0, fs.readSync(file, bytes, 0, length, position));
    } finally {
      fs.closeSync(file);
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
    replaceFile(join(this.folder, 'run.json'), `${toJson(this.#record, 2)}\n`);
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
