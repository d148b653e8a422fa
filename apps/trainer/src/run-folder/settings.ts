import { existsSync, readFileSync } from 'node:fs';
import {
  defaultSettings,
  flagOf,
  resolveSettings,
  settingKeys,
  UsageError,
  UserError,
  variableOf,
} from '@llm101/runs';
import type { RawSettings, SettingKey, Settings, SettingSources } from '@llm101/runs';
import { describeFileError } from '../terminal/errors.js';
import { CONFIG_FILE, parseNumber } from '../terminal/options.js';
import { runFolder } from './run-folder.js';

/**
 * All sources of a user's settings: flags, environment, file.
 *
 * @param config - `--config`
 * @throws UserError when a file can't be read
 */
export function settingSources(flags: RawSettings, config?: string): SettingSources {
  const path = config ?? (existsSync(CONFIG_FILE) ? CONFIG_FILE : undefined);
  const remedy = config === undefined ? 'correct it, or remove it' : undefined;
  return {
    flags,
    environment: environmentSettings(),
    file: path === undefined ? undefined : { path, settings: readConfigFile(path, remedy) },
  };
}

/**
 * The settings that a run was started with, from its config.json.
 *
 * @param flags - settings on the command line; they must be the same
 * @throws UserError when there is no such run
 * @throws UsageError listing the flags that differ from the run's settings
 */
export function settingsOfRun(path: string, flags: RawSettings): Settings {
  const { config } = runFolder(path);
  if (!existsSync(config)) {
    throw new UserError(
      `there is no run in ${path}: it has no config.json; name the folder that llm101 train made`,
    );
  }
  const settings = readSettings(config, 'take it from a copy');
  const own: RawSettings = settings;
  const differences = Object.entries(flags)
    .filter(([key, value]) => value !== undefined && value !== own[key])
    .map(([key, value]) => `${flagOf(key)} is ${JSON.stringify(own[key])}, not ${String(value)}`);
  if (differences.length === 0) return settings;
  throw new UsageError(
    `a run resumes with its own settings; in ${config} ${differences.join(', ')}; leave them out, or start another run`,
  );
}

/** The settings in a file, without other sources. */
export function readSettings(path: string, remedy: string): Settings {
  return resolveSettings({ flags: {}, file: { path, settings: readConfigFile(path, remedy) } });
}

/**
 * Reads settings from a JSON file: one written by hand, or the config.json of a run folder.
 *
 * @param remedy - what to do when it can't be read
 * @throws UserError when it can't be read or holds no object
 */
export function readConfigFile(path: string, remedy = 'check --config'): RawSettings {
  const settings = parseObject(path, readText(path, remedy));
  // A run's config.json has its versions too, which are no setting.
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'versions'));
}

function readText(path: string, remedy: string): string {
  try {
    // throws where it isn't UTF-8, and leaves out a byte order mark
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const why = cause instanceof TypeError ? "it isn't UTF-8" : describeFileError(cause);
    throw new UserError(`${path} can't be read: ${why}; ${remedy}`, { cause });
  }
}

function parseObject(path: string, text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path} must be JSON, such as {"model": "cnn"}: ${why}`, { cause });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UserError(`${path} must hold an object of settings, such as {"model": "cnn"}`);
  }
  return json;
}

/** Variables that aren't settings: where data is, and whether errors show their stack. */
const OTHERS: ReadonlySet<string> = new Set(['LLM101_DATA_DIR', 'LLM101_DEBUG']);

type Environment = Readonly<Record<string, string | undefined>>;

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Settings from variables such as `LLM101_MAX_STEPS`; an empty one counts as not set. */
export function environmentSettings(environment: Environment = process.env): RawSettings {
  return Object.fromEntries(
    settingKeys.flatMap((key) => {
      const written = environment[variableOf(key)];
      return written === undefined || written === '' ? [] : [[key, valueOf(key, written)]];
    }),
  );
}

/** Variables that look like settings and aren't, most likely misspelt. */
export function unknownVariables(environment: Environment = process.env): string[] {
  const known = new Set([...settingKeys.map(variableOf), ...OTHERS]);
  return Object.keys(environment).filter((name) => name.startsWith('LLM101_') && !known.has(name));
}

/** The value as a flag or JSON would give it; the schema validates it. */
function valueOf(key: SettingKey, written: string): unknown {
  const initial: unknown = defaultSettings[key];
  if (typeof initial === 'boolean') return SWITCHES.get(written.toLowerCase()) ?? written;
  return typeof initial === 'string' ? written : parseNumber(written);
}
