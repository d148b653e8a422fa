import { existsSync } from 'node:fs';
import { flagOf, resolveSettings, resumeObstacles, UsageError, UserError } from '@llm101/runs';
import type { RawSettings, Settings } from '@llm101/runs';
import { writeFileWholeSync } from '@llm101/training/node';
import { readConfigFile, readObject } from '../terminal/config-file.js';
import { runFolder } from './paths.js';
import type { LockedRunFolder } from './run-folder.js';
import { textPlaces } from './text-of-run.js';

/** The settings in a file, without other sources. */
export function readSettings(path: string, remedy: string): Settings {
  return resolveSettings({ flags: {}, file: { path, settings: readConfigFile(path, remedy) } });
}

/**
 * The settings that a run was started with, from its config.json.
 *
 * @throws UserError when there is no such run
 */
export function settingsOfRun(path: string): Settings {
  const { config } = runFolder(path);
  if (existsSync(config)) return readSettings(config, 'take it from a copy');
  throw new UserError(
    `there is no run in ${path}: it has no config.json; name the folder that llm101 train made`,
  );
}

/** The settings of a run that is resumed. */
export interface ResumedSettings {
  /** As the run was started. */
  readonly before: Settings;
  /** As it resumes. */
  readonly settings: Settings;
  /** A run that resumes keeps what it began with. */
  readonly initial?: undefined;
}

/**
 * The settings that a run resumes with: its own, and what flags may change of them.
 *
 * @param flags - settings on the command line
 * @throws UserError when there is no such run
 * @throws UsageError listing the flags that would make another run of it
 */
export function settingsOfResumed(path: string, flags: RawSettings): ResumedSettings {
  const { config } = runFolder(path);
  if (flags['epochs'] !== undefined) {
    throw new UsageError(
      'a run resumes to a number of steps; pass --max-steps instead of --epochs',
    );
  }
  const before = settingsOfRun(path);
  const resolved = resolveSettings({ flags, file: { path: config, settings: before } });
  const shards = resolved.shards === 'auto' ? before.shards : resolved.shards;
  const settings = { ...resolved, shards };
  const obstacles = resumeObstacles(before, settings, flagOf);
  if (obstacles.length === 0) return { before, settings };
  throw new UsageError(
    `a run resumes with its own settings; in ${config} ${obstacles.join(', ')}; leave them out, or start another run`,
  );
}

/**
 * Writes into the config.json of a run that resumes what is new of its settings, and where its text is now.
 *
 * @param data - the text's new place, where one was named
 */
export function noteResumed(
  { config, path }: LockedRunFolder,
  { settings, data }: { readonly settings: Settings; readonly data: string | undefined },
): void {
  const before = readObject(config, 'take it from a copy');
  const text = data === undefined ? {} : textPlaces(data, path);
  const after = { ...before, ...settings, ...text };
  const [was, is] = [before, after].map((content) => JSON.stringify(content));
  if (was !== is) writeFileWholeSync(config, `${JSON.stringify(after, undefined, 2)}\n`);
}
