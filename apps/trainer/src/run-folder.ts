import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { describeFileError } from './describe-file-error.js';
import { UserError } from './user-error.js';
import { writeFileWhole } from './write-file-whole.js';

/** Where the files of a run are. */
export interface RunFolder {
  readonly path: string;
  readonly config: string;
  readonly metrics: string;
  readonly samples: string;
  readonly statistics: string;
  readonly csv: string;
  /** A folder. */
  readonly tensorboard: string;
  /** A folder. */
  readonly wandb: string;
  readonly model: string;
  readonly report: string;
}

/** The paths of a run's files; nothing is read or written. */
export function runFolder(path: string): RunFolder {
  return {
    path,
    config: join(path, 'config.json'),
    metrics: join(path, 'metrics.jsonl'),
    samples: join(path, 'samples.jsonl'),
    statistics: join(path, 'statistics.jsonl'),
    csv: join(path, 'metrics.csv'),
    tensorboard: join(path, 'tensorboard'),
    wandb: join(path, 'wandb'),
    model: join(path, 'model.safetensors'),
    report: join(path, 'report.html'),
  };
}

/** What {@link createRunFolder} did. */
export interface CreatedRunFolder extends RunFolder {
  /** Where an earlier run was moved. */
  readonly movedTo?: string;
}

/**
 * Makes the folder of a new run, with its config.json in it. A run that is there already is moved to `PATH.1`, or the
 * next number that is free; nothing is ever written over. When it fails, all is as before.
 *
 * @throws UserError when the folder can't be made or written, or holds something other than a run
 */
export function createRunFolder(path: string, config: object): CreatedRunFolder {
  const folder = runFolder(path);
  const undo: (() => void)[] = [];
  try {
    const movedTo = makeWay(folder);
    if (movedTo !== undefined) undo.push(() => renameSync(movedTo, path));
    for (const missing of missingFolders(resolve(path))) {
      mkdirSync(missing);
      undo.push(() => rmSync(missing, { recursive: true, force: true }));
    }
    writeFileWhole(folder.config, `${JSON.stringify(config, undefined, 2)}\n`);
    return movedTo === undefined ? folder : { ...folder, movedTo };
  } catch (cause) {
    for (const step of undo.toReversed()) step();
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `the run folder ${path} can't be written: ${describeFileError(cause)}; choose another with --run-dir`,
      { cause },
    );
  }
}

/**
 * The folders on the way to a path that aren't there yet, outermost first. They are made one by one: Node 20's recursive
 * `mkdirSync` never returns from /proc, where each attempt says ENOENT.
 */
function missingFolders(path: string): string[] {
  return existsSync(path) ? [] : [...missingFolders(dirname(path)), path];
}

/** @returns where the earlier run is now, if there was one */
function makeWay({ path, config }: RunFolder): string | undefined {
  if (!existsSync(path)) return undefined;
  accessSync(path, constants.W_OK);
  const entries = readdirSync(path);
  if (entries.length === 0) return undefined;
  if (!existsSync(config)) {
    throw new UserError(
      `the run folder ${path} must be new, empty or an earlier run; it holds ${entries[0]} and no config.json; ` +
        'choose another with --run-dir',
    );
  }
  if (`${process.cwd()}${sep}`.startsWith(`${resolve(path)}${sep}`)) {
    throw new UserError(
      `the run folder ${path} holds an earlier run, which can't be moved aside from within; choose another with --run-dir`,
    );
  }
  let n = 1;
  while (existsSync(`${path}.${n}`)) n++;
  accessSync(dirname(path), constants.W_OK);
  renameSync(path, `${path}.${n}`);
  return `${path}.${n}`;
}
