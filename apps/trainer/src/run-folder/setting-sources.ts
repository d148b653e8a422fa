import { existsSync } from 'node:fs';
import { readConfigFile } from './config-file.js';
import { environmentSettings } from './environment-settings.js';
import type { SettingSources } from '../settings/setting-layers.js';
import type { WrittenSettings } from '../settings/written-settings.js';

/** Read where it is there and `--config` names no other. */
export const CONFIG_FILE = 'llm101.config.json';

/**
 * All places that a user's settings come from.
 *
 * @param config - `--config`
 * @throws UserError when a file can't be read
 */
export function settingSources(flags: WrittenSettings, config?: string): SettingSources {
  const path = config ?? (existsSync(CONFIG_FILE) ? CONFIG_FILE : undefined);
  const remedy = config === undefined ? 'put it right, or take it away' : undefined;
  return {
    flags,
    environment: environmentSettings(),
    file: path === undefined ? undefined : { path, settings: readConfigFile(path, remedy) },
  };
}
