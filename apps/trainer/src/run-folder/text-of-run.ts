import { existsSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { DataError, dataSets, type LoadedText, parseToyTask } from '@llm101/data';
import { UserError } from '@llm101/runs';
import { readObject } from '../terminal/config-file.js';
import { type RunFolder, runFolder } from './paths.js';

// A run folder can be moved, and so can its text: whatever has its SHA-256 is the run's text.

/** Where a run's text was, as config.json notes it beside the settings. */
export interface TextPlaces {
  readonly path: string;
  /** Relative to the run's folder. */
  readonly fromRun: string;
}

/** What config.json notes of a text beside its name and hash: nothing of one that isn't a file. */
export function textPlaces(data: string, runDir: string): { readonly text?: TextPlaces } {
  if (!isPath(data) || !isText(data)) return {};
  const path = resolve(data);
  return { text: { path, fromRun: relative(resolve(runDir), path) } };
}

/** A text as a run's settings name it. */
export interface RecordedText {
  readonly data: string;
  readonly dataSha256?: string | undefined;
}

/** Loads a text from a place; where a hash is given, that is the text's. */
type Load<Text> = (place: string, expected: { readonly sha256?: string }) => Promise<Text>;

/** What {@link loadTextOfRun} loads. */
interface WithHash {
  readonly loaded: Pick<LoadedText, 'sha256'>;
}

/**
 * Loads the text of a run.
 *
 * @param given - `--data`: where the text is now. Default: where it was, seen from here, from the run's folder, or in that folder
 * @param load - loads it from there
 * @throws UserError when it isn't found, or what is there has another SHA-256
 */
export async function loadTextOfRun<Text extends WithHash>(
  run: RunFolder,
  { data, dataSha256, given }: RecordedText & { readonly given?: string | undefined },
  load: Load<Text>,
): Promise<Text> {
  if (given !== undefined) {
    const text = await load(given, {});
    const { sha256 } = text.loaded;
    if (isOf(sha256, dataSha256)) return text;
    throw new UserError(
      `${given} isn't the text of ${run.path}: it has SHA-256 ${sha256}, the run's text ${dataSha256}; ${REMEDY}`,
    );
  }
  if (!isPath(data)) return loadNamed(run, { data, dataSha256 }, load);
  if (data === '-') {
    throw new UserError(
      `the text of ${run.path} came by standard input, which can't be read again; ${REMEDY}`,
    );
  }
  const others: string[] = [];
  const places = placesOf(run, data);
  for (const place of places.filter(isText)) {
    try {
      const text = await load(place, {});
      const { sha256 } = text.loaded;
      if (isOf(sha256, dataSha256)) return text;
      others.push(`${place} has ${sha256}`);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      others.push(error.message);
    }
  }
  const hash = dataSha256 === undefined ? '' : `, SHA-256 ${dataSha256},`;
  throw new UserError(
    others.length === 0
      ? `the text of ${run.path}${hash} is neither ${places.join(' nor ')}; ${REMEDY}`
      : `the text of ${run.path} must have SHA-256 ${dataSha256}; ${others.join(', ')}; ${REMEDY}`,
  );
}

const REMEDY = 'name the text that the run was trained on by --data';

const isOf = (sha256: string, expected: string | undefined): boolean =>
  expected === undefined || sha256 === expected;

/** A data set or a URL; what it gives today may be another text. */
async function loadNamed<Text>(
  { path }: RunFolder,
  { data, dataSha256 }: RecordedText,
  load: Load<Text>,
): Promise<Text> {
  try {
    return await load(data, dataSha256 === undefined ? {} : { sha256: dataSha256 });
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new UserError(`the text of ${path}: ${cause.message}; or ${REMEDY}`, { cause });
  }
}

/** The hash of a run's text; undefined where its config.json doesn't say, or can't be read. */
export function sha256OfRun({ config }: RunFolder): string | undefined {
  try {
    const { dataSha256 } = readObject(config, '');
    return typeof dataSha256 === 'string' ? dataSha256 : undefined;
  } catch {
    return undefined; // a text of one's own can be measured without it
  }
}

/** Where the text may be, each place once. */
function placesOf({ path, config }: RunFolder, data: string): string[] {
  // that of a sweep, whose trials' text this is, has none
  const { text } = existsSync(config) ? readObject(config, 'take it from a copy') : {};
  const { path: absolute, fromRun } = Object(text) as Partial<Record<keyof TextPlaces, unknown>>;
  const places = [
    data,
    ...(typeof fromRun === 'string' ? [join(path, fromRun)] : []),
    ...(typeof absolute === 'string' ? [absolute] : []),
    join(path, basename(data)),
  ];
  const resolved = places.map((place) => resolve(place));
  return places.filter((_, i) => resolved.indexOf(resolved[i]) === i);
}

/** Neither the name of a data set nor a URL. */
export function isPath(data: string): boolean {
  return !dataSets.has(data) && parseToyTask(data) === undefined && !/^https?:\/\//i.test(data);
}

/** A file or a folder; not a pipe, which can be read but once. */
function isText(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() || stats.isDirectory();
  } catch {
    return false; // there is none, or it can't be seen
  }
}

/** The run that a settings file is the config.json of, where it names the text's hash. */
export function runOfConfig(path: string): RunFolder {
  return runFolder(join(path, '..'));
}
