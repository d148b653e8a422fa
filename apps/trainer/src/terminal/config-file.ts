import { existsSync } from 'node:fs';
import { type RawSettings, settingsOfConfig, UserError } from '@llm101/runs';
import { JsonError } from '@llm101/safetensors';
import type { ReadFileOptions } from '@llm101/training/node';
import { describeFileError } from './errors.js';
import { readJson } from './json-file.js';

/** Read where it exists and `--config` names no other. */
export const CONFIG_FILE = 'llm101.config.json';

/** A JSON file with settings and other flags, by their names in camel case. */
export interface ConfigFile {
  readonly path: string;
  readonly values: RawSettings;
}

/**
 * The file that `--config` names, or the one of the current folder, if there is one.
 *
 * @throws UserError when it can't be read or holds no object
 */
export function findConfigFile(config: string | undefined): ConfigFile | undefined {
  const path = config ?? (existsSync(CONFIG_FILE) ? CONFIG_FILE : undefined);
  if (path === undefined) return undefined;
  const remedy = config === undefined ? 'correct it, or remove it' : 'check --config';
  // a pipe is waited for where the user names it, as in --config <(…)
  return { path, values: readConfigFile(path, remedy, { pipes: config !== undefined }) };
}

/**
 * Reads a JSON file of settings: one written by hand, or the config.json of a run folder without its notes.
 *
 * @param remedy - what to do when it can't be read
 * @throws UserError when it can't be read or holds no object
 */
export function readConfigFile(
  path: string,
  remedy: string,
  options: ReadFileOptions = {},
): RawSettings {
  return settingsOfConfig(readObject(path, remedy, options));
}

/** Settings may have an alphabet of every character that Unicode has. */
const MOST = { bytes: 16_000_000, depth: 8, values: 10_000 } as const;

/** Everything in such a file. */
export function readObject(
  path: string,
  remedy: string,
  options: ReadFileOptions = {},
): Readonly<Record<string, unknown>> {
  const json = read(path, remedy, options);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw new UserError(`${path} must hold an object of settings, such as {"model": "cnn"}`);
}

function read(path: string, remedy: string, options: ReadFileOptions): unknown {
  try {
    return readJson(path, { ...MOST, ...options });
  } catch (cause) {
    const why =
      cause instanceof JsonError
        ? `must be JSON, such as {"model": "cnn"}: ${cause.message}`
        : `can't be read: ${describeFileError(cause)}; ${remedy}`;
    throw new UserError(`${path} ${why}`, { cause });
  }
}
