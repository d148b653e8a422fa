import { dataSetOf, Sha256, type TextTokenizer } from '@llm101/data';
import type { ExportedCheckpoint } from '@llm101/training';
import { encodeFingerprint, type Fingerprint } from '../fingerprint.js';
import type { Settings } from '../settings/settings.js';
import { logNames, type RunLogs } from './logs.js';

/** Files by their paths within a folder, with `/` between names. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What a run folder is made of; all but the settings may be missing. */
export interface RunFolderParts {
  /** Of the run, the hash of its text among them: `run.settings`. */
  readonly settings: Settings;
  /** What made the run, for whoever compares versions, as `{ llm101: '0.1.0', firefox: '140' }`. */
  readonly versions: Readonly<Record<string, string>> & { readonly llm101: string };
  /** The newest, by `exportCheckpoint`: where `llm101 train --resume` goes on. Without one it begins again. */
  readonly checkpoint?: ExportedCheckpoint | undefined;
  /** The bytes of the text, where it is one's own; the folder then needs no other file. */
  readonly text?: Uint8Array<ArrayBuffer> | undefined;
  /** By {@link memoryLogs}. */
  readonly logs?: Partial<RunLogs> | undefined;
  /** By `run.save()`. */
  readonly model?: Uint8Array<ArrayBuffer> | undefined;
  /** By {@link fingerprintOf}. */
  readonly fingerprint?: Fingerprint | undefined;
  /** `run.data.tokenizer`; needed where the settings have a `tokenizerFile` or `initFrom`. */
  readonly tokenizer?: TextTokenizer | undefined;
  /** The file of the model that the run began with; needed where the settings have an `initFrom`. */
  readonly initial?: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * The files of a run folder, from which `llm101 train --resume` goes on, to the bytes of a run that stayed where it was, and which other
 * commands read: config.json, the checkpoint, the text, logs, model and fingerprint. Whoever asked writes them, or makes an archive of them.
 *
 * @throws RangeError when the text isn't that of the settings, or a part is missing that they need
 */
export function runFolderFiles(parts: RunFolderParts): Files {
  const { settings, versions, checkpoint, text, logs = {}, model, fingerprint } = parts;
  checkParts(parts);
  const data = text === undefined ? settings.data : fileNameOf(settings.data);
  const config = { ...settings, data, versions };
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const add = (path: string, content: string | Uint8Array<ArrayBuffer> | undefined): void => {
    if (content === undefined) return;
    files.set(path, typeof content === 'string' ? encoder.encode(content) : content);
  };
  add('config.json', `${JSON.stringify(config, undefined, 2)}\n`);
  add(data, text);
  if (checkpoint !== undefined) add(`checkpoints/${checkpoint.name}`, checkpoint.bytes);
  for (const name of logNames) add(`${name}.jsonl`, logs[name]);
  add('model.safetensors', model);
  add('fingerprint.json', fingerprint && encodeFingerprint(fingerprint));
  if (hasTokenizer(settings)) add('tokenizer.json', JSON.stringify(parts.tokenizer));
  add('initial.safetensors', parts.initial);
  return files;
}

const encoder = new TextEncoder();

const hasTokenizer = ({ tokenizerFile, initFrom }: Settings): boolean =>
  (tokenizerFile ?? initFrom) !== undefined;

function checkParts({ settings, text, tokenizer, initial }: RunFolderParts): void {
  if (hasTokenizer(settings) && tokenizer === undefined) {
    throw new RangeError(
      'runFolderFiles: there must be the tokenizer of a run that took it from a file or a model; got none; pass run.data.tokenizer',
    );
  }
  if (settings.initFrom !== undefined && initial === undefined) {
    throw new RangeError(
      `runFolderFiles: initial must be the file of the model that the run began with, ${settings.initFrom}; got none`,
    );
  }
  const { dataSha256 } = settings;
  if (text === undefined || dataSha256 === undefined) return;
  const sha256 = sha256Of(text);
  if (sha256 === dataSha256) return;
  throw new RangeError(
    `runFolderFiles: text must be the bytes that the run has read, of SHA-256 ${dataSha256}; got others, of ${sha256}`,
  );
}

/** SHA-256 of a file, in lower-case hex. */
export function sha256Of(file: Uint8Array): string {
  const hash = new Sha256();
  hash.update(file);
  return hash.hex();
}

/** Names that a run's own files have. */
const TAKEN =
  /^(config|fingerprint|tokenizer)\.json$|\.jsonl$|\.safetensors$|^report\.html$|^text\.tokens$|^checkpoints$/i;

/** A name for the file of a text that the settings name: no other file's, no data set's, and one that every system takes. */
function fileNameOf(data: string): string {
  const [last = ''] = data.split(/[\\/]/).slice(-1);
  const name = last.replaceAll(/[^\p{L}\p{N}\p{M} ._-]/gu, '_').trim();
  const isUsable = name !== '' && !/^[.-]/.test(name) && name.length <= 100;
  return isUsable && !TAKEN.test(name) && dataSetOf(name) === undefined ? name : 'text.txt';
}
