import type { ArtifactRecord } from '../spool/artifact-record.js';
import { manifestDigest } from '../spool/artifact-record.js';
import { isRecord, toJson } from '../json.js';
import type { RunConfig, RunRecord } from '../spool/run-record.js';
import { version } from '../version.js';
import { field, fields, intField, message, type Encoded } from './protobuf.js';

// W&B's records (wandb_internal.proto of its client 0.30), each with the fields that `wandb sync` reads. The numbers are those of
// the fields in these messages.

/** A record, without its number. */
export interface LogRecord {
  /** Of its kind, in the message `Record`. */
  readonly kind: number;
  readonly content: Encoded;
}

/** What begins a log: who wrote it, and the oldest version that reads it. */
export const headerRecord = (): LogRecord => ({
  kind: 21,
  content: message(field(1, message(field(1, `llm101-wandb ${version}`), field(2, '0.70.0')))),
});

/** @param config - with W&B's own entry */
export function runRecord(record: RunRecord, config: RunConfig): LogRecord {
  const { id, entity, project, group, jobType, name, notes, tags, host, startedAt, git } = record;
  return {
    kind: 17,
    content: message(
      field(1, id),
      field(2, entity),
      field(3, project),
      field(4, configMessage(config)),
      field(6, group),
      field(7, jobType),
      field(8, name),
      field(9, notes),
      fields(10, tags),
      field(13, host),
      field(17, timestamp(Date.parse(startedAt))),
      field(21, gitMessage(git)),
    ),
  };
}

/** What was added to the configuration. */
export const configRecord = (config: RunConfig): LogRecord => ({
  kind: 5,
  content: configMessage(config),
});

/** The machine and the program, as in wandb-metadata.json. */
export function environmentRecord(metadata: RunConfig, { git }: RunRecord): LogRecord {
  const text = (name: string): string | undefined => {
    const value = metadata[name];
    return typeof value === 'string' ? value : undefined;
  };
  const args = metadata['args'];
  const disk = isRecord(metadata['disk']) ? metadata['disk']['/'] : undefined;
  const used = isRecord(disk) ? Number(disk['used']) || 0 : 0;
  return {
    kind: 26,
    content: message(
      field(1, text('os')),
      field(3, timestamp(Date.parse(text('startedAt') ?? ''))),
      fields(5, Array.isArray(args) ? args.map(String) : []),
      field(6, text('program')),
      field(9, gitMessage(git)),
      field(11, text('root')),
      field(12, text('host')),
      field(14, text('executable')),
      intField(16, Number(metadata['cpu_count'])),
      intField(17, Number(metadata['cpu_count_logical'])),
      field(
        20,
        message(field(1, '/'), field(2, message(intField(1, total(disk)), intField(2, used)))),
      ),
      field(21, message(intField(1, total(metadata['memory'])))),
      field(199, text('writerId')),
    ),
  };
}

const total = (value: unknown): number => Number(isRecord(value) ? value['total'] : 0) || 0;

/** A row, with its step and times. */
export function historyRecord(row: RunConfig): LogRecord {
  const step = typeof row['_step'] === 'number' ? row['_step'] : 0;
  const items = Object.entries(row).flatMap(([name, value]) => nestedItems([name], value));
  return { kind: 2, content: message(fields(1, items), field(2, message(intField(1, step)))) };
}

/** Values of the summary. */
export function summaryRecord(values: RunConfig): LogRecord {
  const items = Object.entries(values).flatMap(([name, value]) => nestedItems([name], value));
  return { kind: 3, content: fields(1, items) };
}

/** Figures of the machine, by their names without `system.`. */
export function statsRecord(figures: Readonly<Record<string, number>>, nowMs: number): LogRecord {
  const items = Object.entries(figures).map(([name, value]) =>
    message(field(1, name), field(16, toJson(value))),
  );
  return { kind: 7, content: message(field(2, timestamp(nowMs)), fields(3, items)) };
}

/** A line that was printed. */
export function outputRecord(line: string, stream: 'stdout' | 'stderr', nowMs: number): LogRecord {
  const type = intField(1, stream === 'stdout');
  return {
    kind: 13,
    content: message(type, field(2, timestamp(nowMs)), field(3, `${line}\n`)),
  };
}

/** A file below `files`. */
export const filesRecord = (path: string): LogRecord => ({
  kind: 6,
  content: fields(1, [field(1, path) ?? message()]),
});

/** @param pathOf - where a file of the artifact is */
export function artifactRecord(
  { id, project, entity }: RunRecord,
  artifact: ArtifactRecord,
  pathOf: (file: string) => string,
): LogRecord {
  const { name, type, files, aliases, metadata, clientId, sequenceClientId } = artifact;
  const contents = files.map(({ path, digest, size }) =>
    message(field(1, path), field(2, digest), intField(4, size), field(6, pathOf(path))),
  );
  const manifest = message(
    intField(1, 1),
    field(2, 'wandb-storage-policy-v1'),
    field(3, message(field(1, 'storageLayout'), field(2, '"V2"'))),
    fields(4, contents),
  );
  return {
    kind: 8,
    content: message(
      field(1, id),
      field(2, project),
      field(3, entity),
      field(4, type),
      field(5, name),
      field(6, manifestDigest(files)),
      field(8, metadata && toJson(metadata)),
      fields(11, aliases),
      field(12, manifest),
      intField(14, true),
      field(15, clientId),
      field(16, sequenceClientId),
      field(20, 'MANIFEST_MD5'),
    ),
  };
}

/** The end of a run. @param runtime - in seconds */
export const exitRecord = (exitCode: number, runtime: number): LogRecord => ({
  kind: 18,
  content: message(intField(1, exitCode), intField(2, runtime)),
});

/** A record as it stands in the log. @param number - 1 for the first */
export const encodeRecord = ({ kind, content }: LogRecord, number: number): Encoded =>
  message(intField(1, number), field(kind, content));

function configMessage(config: RunConfig): Encoded {
  const items = Object.entries(config).map(([name, value]) =>
    message(field(1, name), field(16, toJson(value))),
  );
  return fields(1, items);
}

/** A value by its path; what is an object is taken apart, as W&B's client does. */
function nestedItems(path: readonly string[], value: unknown): Encoded[] {
  if (isRecord(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, inner]) => nestedItems([...path, name], inner));
  }
  return [message(fields(2, path), field(16, toJson(value)))];
}

function gitMessage(git: RunRecord['git']): Encoded | undefined {
  return git && message(field(1, git.remote), field(2, git.commit));
}

/** Seconds and nanoseconds. */
function timestamp(ms: number): Encoded {
  const whole = Number.isFinite(ms) ? ms : 0;
  const seconds = Math.floor(whole / 1000);
  return message(intField(1, seconds), intField(2, Math.round((whole - seconds * 1000) * 1e6)));
}
