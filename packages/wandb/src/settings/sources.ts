import { homedir } from 'node:os';
import { join } from 'node:path';
import { readTextWithin } from '../spool/files.js';

/** A settings file has a few lines. */
const MOST_BYTES = 100_000;

/** A variable that is set to something. */
export function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/**
 * A setting by the name that W&B's files have for it: of the environment, as `WANDB_` and the name in capitals, else of
 * `wandb/settings` here, which `wandb init` writes, else of the user's own file.
 */
export function setting(name: string): string | undefined {
  return (
    environment(`WANDB_${name.toUpperCase()}`) ??
    settingIn(join(environment('WANDB_DIR') ?? '.', 'wandb', 'settings'), name) ??
    settingIn(userFile(), name)
  );
}

/**
 * A setting that only the user may make, of the environment or of their own file: a folder that came from elsewhere could
 * have their key sent to another server.
 */
export function userSetting(name: string): string | undefined {
  return environment(`WANDB_${name.toUpperCase()}`) ?? settingIn(userFile(), name);
}

const userFile = (): string =>
  join(environment('WANDB_CONFIG_DIR') ?? join(homedir(), '.config', 'wandb'), 'settings');

/** A file that can't be read counts as none. */
function settingIn(path: string, name: string): string | undefined {
  try {
    return settingOf(readTextWithin(path, MOST_BYTES), name);
  } catch {
    return undefined;
  }
}

/** The value of a name in the section `default` of a file of `name = value`; Python's `configparser` writes it. */
function settingOf(text: string, name: string): string | undefined {
  let isOurs = false;
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\[(.*)\]\s*$/.exec(line) ?? [];
    if (section !== undefined) isOurs = section === 'default';
    const [, key, value] = /^([^\s=:#;[][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (isOurs && key?.toLowerCase() === name && value !== '') return value;
  }
  return undefined;
}
