import type { TextTokenizer } from '@llm101/data';
import { parseJson } from '@llm101/safetensors';
import { decodeCheckpoint, type ExportedCheckpoint } from '@llm101/training';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { type Fingerprint, hashFingerprint } from '../fingerprint.js';
import type { InitialModel } from '../initial.js';
import { FIRST_STEPS } from '../outcome.js';
import { readModel } from '../saved-model.js';
import { resolveSettings } from '../settings/resolve.js';
import { laterSettings } from '../settings/resume.js';
import type { RawSettings, Settings } from '../settings/settings.js';
import { lineEndsOf } from '../text/examples-name.js';
import { openTokenizer } from '../text/tokenizers.js';
import type { RunLogs } from './logs.js';
import { type Files, sha256Of } from './run-folder-files.js';

/** A run that came as files. */
export interface OpenedRunFolder {
  /** Of config.json, else of the checkpoint. Undefined where there is a model alone. */
  readonly settings: Settings | undefined;
  /** The newest that is whole, for `importCheckpoint`. */
  readonly checkpoint: ExportedCheckpoint | undefined;
  /** The file of the model, for `openModel`. */
  readonly model: Uint8Array<ArrayBuffer> | undefined;
  /** The bytes of the run's text, where one of the files is that. */
  readonly text: Uint8Array<ArrayBuffer> | undefined;
  /** Of a run that took it from a file or a model. */
  readonly tokenizer: TextTokenizer | undefined;
  /** What the run began with, and its file, where it began with a model. */
  readonly initial: (InitialModel & { readonly file: Uint8Array<ArrayBuffer> }) | undefined;
  /** Empty where there are none; for {@link memoryLogs}. */
  readonly logs: RunLogs;
  /** Undefined where there is none, or it was changed. */
  readonly fingerprint: Fingerprint | undefined;
  /** What couldn't be used and the run can do without, a line each. */
  readonly warnings: readonly string[];
}

/**
 * A run from the files of its folder, of {@link runFolderFiles} or of `llm101 train`, or from a checkpoint or a model alone. They may lie in a
 * folder, as an archive has them, and beside others. No backend is needed.
 *
 * @param files - bytes by paths
 * @throws UserError when there is no run among them or more than one, or what it needs to go on is damaged, saying which file
 */
export function openRunFolder(files: Files): OpenedRunFolder {
  const { folder, isWhole } = folderOf(files);
  const warnings: string[] = [];
  const checkpoint = newestCheckpoint(folder, warnings);
  const model = modelOf(folder, warnings);
  const settings = settingsOf(folder, checkpoint);
  if (settings === undefined && model === undefined) {
    const why = warnings.length > 0 ? `: ${warnings.join('; ')}` : '';
    throw new UserError(
      `there must be the folder of a run, a checkpoint or a model.safetensors of llm101; there is none in ${namesOf(files)}${why}`,
    );
  }
  return {
    settings,
    checkpoint,
    model,
    text: settings && textOf(folder, settings),
    ...(settings && isWhole
      ? { tokenizer: tokenizerOf(folder, settings), initial: initialOf(folder, settings) }
      : { tokenizer: undefined, initial: undefined }),
    logs: {
      metrics: logOf(folder, 'metrics'),
      samples: logOf(folder, 'samples'),
      statistics: logOf(folder, 'statistics'),
    },
    fingerprint: fingerprintIn(folder, warnings),
    warnings,
  };
}

/** The content of a config.json as settings: without its notes on where the text was and what made the run. */
export function settingsOfConfig(config: RawSettings): RawSettings {
  const { text: _, versions, ...settings } = config;
  // a run has every setting that there was, and its preset decides none of those that came later
  return versions === undefined ? settings : { ...laterSettings, ...settings };
}

const CONFIG = 'config.json';

/** The files of one run by their paths in its folder; all files, where there is no config.json. */
function folderOf(files: Files): { readonly folder: Files; readonly isWhole: boolean } {
  const all = [...files].map(([path, bytes]) => [path.replaceAll('\\', '/'), bytes] as const);
  const folders = all
    .filter(([path]) => path === CONFIG || path.endsWith(`/${CONFIG}`))
    .map(([path]) => path.slice(0, -CONFIG.length));
  if (folders.length > 1) {
    throw new UserError(
      `there must be one run; got ${folders.length}, in ${folders.slice(0, 3).map(named).join(', ')}; choose one of them`,
    );
  }
  const [base = ''] = folders;
  const inside = all.filter(([path]) => path.startsWith(base));
  const folder = new Map(inside.map(([path, bytes]) => [path.slice(base.length), bytes]));
  return { folder, isWhole: folders.length === 1 };
}

const named = (base: string): string => (base === '' ? 'the uppermost folder' : base.slice(0, -1));

function namesOf(files: Files): string {
  const names = [...files.keys()];
  if (names.length === 0) return 'no file';
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}

const isStep = /(^|\/)step-\d{8,15}\.safetensors$/;

function newestCheckpoint(folder: Files, warnings: string[]): ExportedCheckpoint | undefined {
  const found = [...folder].filter(([path]) => isStep.test(path));
  for (const [path, bytes] of found.sort(([a], [b]) => (stepOf(a) < stepOf(b) ? 1 : -1))) {
    try {
      const { step } = decodeCheckpoint(bytes);
      return { name: path.slice(path.lastIndexOf('/') + 1), step, bytes };
    } catch (error) {
      warnings.push(`${path}: ${messageOf(error)}`);
    }
  }
  return undefined;
}

const stepOf = (path: string): number => Number(/step-(\d+)/.exec(path)?.[1]);

/** The file of the model: that of the run, or where it comes alone, any that is one. */
function modelOf(folder: Files, warnings: string[]): Uint8Array<ArrayBuffer> | undefined {
  const own = folder.get('model.safetensors');
  const others = folder.has(CONFIG)
    ? []
    : [...folder].filter(
        ([path]) =>
          path.endsWith('.safetensors') && !isStep.test(path) && path !== 'model.safetensors',
      );
  const candidates = [...(own ? [['model.safetensors', own] as const] : []), ...others];
  for (const [path, bytes] of candidates) {
    try {
      readModel(bytes);
      return bytes;
    } catch (error) {
      warnings.push(`${path}: ${messageOf(error)}`);
    }
  }
  return undefined;
}

function settingsOf(
  folder: Files,
  checkpoint: ExportedCheckpoint | undefined,
): Settings | undefined {
  const file = folder.get(CONFIG);
  if (file !== undefined) {
    const config = settingsOfConfig(objectIn(CONFIG, file));
    return resolveSettings({ flags: {}, file: { path: CONFIG, settings: config } });
  }
  if (checkpoint === undefined) return undefined;
  const config = asObject(decodeCheckpoint(checkpoint.bytes).config);
  if (config === undefined) {
    throw new UserError(
      `${checkpoint.name} must be of a run of llm101, with its settings; it has none`,
    );
  }
  const settings = { ...laterSettings, ...config };
  return resolveSettings({ flags: {}, file: { path: checkpoint.name, settings } });
}

/** The file that has the hash of the text; the one that the settings name is tried first. */
function textOf(
  folder: Files,
  { data, dataSha256 }: Settings,
): Uint8Array<ArrayBuffer> | undefined {
  if (dataSha256 === undefined) return undefined;
  const named = folder.get(data.slice(data.lastIndexOf('/') + 1));
  const candidates = [...(named ? [named] : []), ...folder.values()];
  return candidates.find((file) => sha256Of(file) === dataSha256);
}

function tokenizerOf(folder: Files, settings: Settings): TextTokenizer | undefined {
  const { tokenizerFile, initFrom, examples, normalize } = settings;
  if ((tokenizerFile ?? initFrom) === undefined) return undefined;
  const path = 'tokenizer.json';
  return usable(path, () =>
    openTokenizer(jsonIn(needed(folder, path), { values: 5_000_000, depth: 16 }), {
      lineEnds: lineEndsOf(examples),
      ...(normalize && { normalize }),
    }),
  );
}

function initialOf(folder: Files, { initFrom, initSha256 }: Settings): OpenedRunFolder['initial'] {
  if (initFrom === undefined) return undefined;
  const path = 'initial.safetensors';
  const file = needed(folder, path);
  if (initSha256 !== undefined && sha256Of(file) !== initSha256) {
    throw new UserError(
      `${path} isn't what the run began with: its SHA-256 must be ${initSha256}; take it from a copy`,
    );
  }
  return usable(path, () => {
    const { config, tensors } = readModel(file);
    return { config, tensors, file };
  });
}

function needed(folder: Files, path: string): Uint8Array<ArrayBuffer> {
  const file = folder.get(path);
  if (file !== undefined) return file;
  throw new UserError(`the run needs its ${path}, which isn't among the files; add it`);
}

/** @throws UserError which says that it is about the file */
function usable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UserError(`${path} can't be used: ${messageOf(cause)}; take it from a copy`, {
      cause,
    });
  }
}

const logOf = (folder: Files, name: string): string =>
  new TextDecoder().decode(folder.get(`${name}.jsonl`) ?? new Uint8Array());

const fingerprintSchema = z.object({
  fingerprint: z.string(),
  dataSha256: z.string(),
  settingsSha256: z.string(),
  arithmetic: z.string().max(100).optional(),
  losses: z.array(z.number()).max(FIRST_STEPS),
  weights: z
    .object({ step: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/i) })
    .optional(),
});

/**
 * The content of a fingerprint.json.
 *
 * @returns nothing where it isn't one; the fingerprint, and whether it is as it was written
 */
export function parseFingerprint(
  json: unknown,
): { readonly fingerprint: Fingerprint; readonly isIntact: boolean } | undefined {
  const { data } = fingerprintSchema.safeParse(json);
  if (data === undefined) return undefined;
  const { fingerprint: hash, ...fingerprint } = data;
  return { fingerprint, isIntact: hash === hashFingerprint(fingerprint) };
}

function fingerprintIn(folder: Files, warnings: string[]): Fingerprint | undefined {
  const path = 'fingerprint.json';
  const file = folder.get(path);
  if (file === undefined) return undefined;
  try {
    const parsed = parseFingerprint(jsonIn(file, { values: 10_000, depth: 4 }));
    if (parsed?.isIntact === true) return parsed.fingerprint;
    warnings.push(`${path}: it isn't a fingerprint as it was written`);
  } catch (error) {
    warnings.push(`${path}: ${messageOf(error)}`);
  }
  return undefined;
}

function objectIn(path: string, file: Uint8Array): RawSettings {
  const object = asObject(usable(path, () => jsonIn(file, { values: 10_000, depth: 8 })));
  if (object !== undefined) return object;
  throw new UserError(`${path} must hold an object of settings, such as {"model": "cnn"}`);
}

const asObject = (json: unknown): RawSettings | undefined =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;

const jsonIn = (
  file: Uint8Array,
  limits: { readonly values: number; readonly depth: number },
): unknown =>
  parseJson(new TextDecoder('utf-8', { fatal: true }).decode(file), {
    where: 'the file',
    ...limits,
  });

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
