import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@llm101/data';
import { UserError } from '@llm101/runs';
import { type RunFolder, runFolder } from '../../run-folder/paths.js';
import { isPath, loadTextOfRun, type RecordedText } from '../../run-folder/text-of-run.js';
import { readObject } from '../../terminal/config-file.js';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';

/** A run that a page takes. */
export interface ServedRun {
  readonly path: string;
  readonly name: string;
  /** Where the content of each of its files is, by paths as `runFolderFiles` has them: as they are now, since the run may be training. */
  readonly files: () => ReadonlyMap<string, string>;
}

/** Checkpoints that are given, the newest: the last may be damaged. */
const CHECKPOINTS = 2;

/**
 * A run by the files that a page needs of its folder, and by its text where that is a file.
 *
 * @throws UserError when there is no run
 */
export async function servedRun(runDir: string, output: Output): Promise<ServedRun> {
  const folder = runFolder(runDir);
  const name = basename(resolve(folder.path));
  const own = (): Map<string, string> => filesOf(folder);
  if (own().size === 0) {
    throw new UserError(
      `${runDir} must be the folder of a run; it has neither config.json nor checkpoints nor model.safetensors, which llm101 train writes`,
    );
  }
  const text = await textOf(folder, output);
  return { path: folder.path, name, files: () => (text ? own().set(text.name, text.file) : own()) };
}

/** Its files by their names within the folder. */
function filesOf({ path, ...files }: RunFolder): Map<string, string> {
  const logs = [files.metrics, files.samples, files.statistics];
  const named = [files.config, files.model, files.fingerprint, files.tokenizer, files.initial];
  const found = [...newest(files.checkpoints), ...named, ...logs].filter((file) =>
    isWithin(file, path),
  );
  return new Map(found.map((file) => [relative(path, file).replaceAll(sep, '/'), file]));
}

function newest(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^step-\d{8,15}\.safetensors$/.test(name))
      .sort((a, b) => Number(/\d+/.exec(b)) - Number(/\d+/.exec(a)))
      .slice(0, CHECKPOINTS)
      .map((name) => join(folder, name));
  } catch {
    return []; // a run that keeps none
  }
}

/** Whether it is a file, and a link leads to none outside of the folder. */
function isWithin(file: string, folder: string): boolean {
  try {
    const real = realpathSync(file);
    return real.startsWith(join(realpathSync(folder), sep)) && statSync(real).isFile();
  } catch {
    return false; // there is none
  }
}

/** The name and the file of the run's text; nothing of one that has a name everywhere, or isn't found any more. */
async function textOf(
  run: RunFolder,
  output: Output,
): Promise<{ readonly name: string; readonly file: string } | undefined> {
  const recorded = recordedText(run);
  if (recorded === undefined || !isPath(recorded.data)) return undefined;
  try {
    const { place } = await loadTextOfRun(run, recorded, async (place) => ({
      place,
      loaded: { sha256: await sha256Of(place) },
    }));
    return { name: basename(place), file: place };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    output.note(`the page gets the run without its text, and can't train it on: ${why}`);
    return undefined;
  }
}

function recordedText({ config }: RunFolder): RecordedText | undefined {
  try {
    const { data, dataSha256 } = readObject(config, '');
    return typeof data === 'string' && typeof dataSha256 === 'string'
      ? { data, dataSha256 }
      : undefined;
  } catch {
    return undefined; // a model alone; what is wrong with the file is said by the page
  }
}

/** @throws DataError when it is a folder, whose texts are no single file, or can't be read */
async function sha256Of(file: string): Promise<string> {
  if (!statSync(file).isFile()) throw new DataError(`${file} is a folder`);
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (cause) {
    throw new DataError(`${file} can't be read: ${describeFileError(cause)}`, { cause });
  }
  return hash.digest('hex');
}
