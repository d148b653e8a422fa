import { existsSync } from 'node:fs';
import { readConfigFile } from './config-file.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import type { WrittenSettings } from '../settings/written-settings.js';
import { runFolder } from './run-folder.js';
import { flagOf } from '../terminal/setting-flags.js';
import type { Settings } from '../settings/settings.js';
import { UsageError, UserError } from '../settings/user-error.js';

/**
 * The settings that a run was begun with, from its config.json.
 *
 * @param flags - what was written on the command line besides; it must say the same
 * @throws UserError when there is no such run
 * @throws UsageError listing the flags that differ from the run's settings
 */
export function settingsOfRun(path: string, flags: WrittenSettings): Settings {
  const { config } = runFolder(path);
  if (!existsSync(config)) {
    throw new UserError(
      `there is no run in ${path}: it has no config.json; name the folder that llm101 train made`,
    );
  }
  const file = { path: config, settings: readConfigFile(config, 'take it from a copy') };
  const settings = resolveSettings({ flags: {}, file });
  const own: WrittenSettings = settings;
  const differences = Object.entries(flags)
    .filter(([key, value]) => value !== undefined && value !== own[key])
    .map(([key, value]) => `${flagOf(key)} is ${JSON.stringify(own[key])}, not ${String(value)}`);
  if (differences.length === 0) return settings;
  throw new UsageError(
    `a run goes on with its own settings; in ${config} ${differences.join(', ')}; leave them out, or begin another run`,
  );
}
