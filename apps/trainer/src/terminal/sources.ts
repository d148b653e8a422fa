import {
  defaultSettings,
  hashes,
  flagOf,
  isNumeric,
  type RawSettings,
  resolveSome,
  type SettingKey,
  settingKeys,
  type Settings,
  settingsSchema,
  type SettingSources,
  suggest,
  suggestSetting,
  UsageError,
  variableOf,
} from '@llm101/runs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ConfigFile, findConfigFile } from './config-file.js';
import { CommandLineOption, configOption, parseNumber, SettingOption } from './options.js';
import { warn } from './streams.js';

// Flags override the environment, the environment a config file, a file the defaults, in every command alike. The settings
// of a run are put together by `settingSources`, and the other flags of a command by a hook before it runs.

/** Commands that explain, and run whatever the environment holds. */
const EXPLAINS: ReadonlySet<string> = new Set(['help', 'completion', 'complete']);

/**
 * Gives each command `--config`, and lets it take from the environment and from a config file what isn't on its command
 * line. All other commands must have been added before.
 */
export function addSources(program: Command): void {
  const commands = leavesOf(program).filter((command) => !EXPLAINS.has(command.name()));
  for (const command of commands) {
    command.addOption(configOption());
    for (const option of command.options.flatMap(opposite)) command.addOption(option);
  }
  const flags = commands.flatMap((command) => command.options);
  const known = new Set<string>([
    ...settingKeys,
    ...flags
      .filter((option) => !(option instanceof CommandLineOption))
      .map((option) => option.attributeName()),
  ]);
  program.hook('preAction', (_, command) => {
    if (EXPLAINS.has(command.name())) return;
    const problems = unknownVariables(known).map((name) => describeUnknownVariable(name, known));
    if (problems.length > 0 && command.name() !== 'config') throw new UsageError(problems[0]);
    for (const problem of problems) warn(problem);
    const file = findConfigFile(configOf(command) ?? variable('config'));
    if (file !== undefined) checkFile(file, new Set([...known].filter((key) => key !== 'config')));
    if (file !== undefined) command.setOptionValueWithSource('config', file.path, 'found');
    for (const option of command.options) fill(command, option, file);
  });
}

/** `--no-plot` of `--plot`, `--compile` of `--no-compile`: what another source has switched, a flag can switch back. */
function opposite(option: Option): Option[] {
  const { long, negate } = option;
  const isSwitch = negate || option.isBoolean();
  if (long === undefined || !isSwitch || option instanceof CommandLineOption) return [];
  const flag = negate ? long.replace('--no-', '--') : long.replace('--', '--no-');
  const back = option instanceof SettingOption ? new SettingOption(flag) : new Option(flag);
  return [back.hideHelp()];
}

function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

/** Takes the value of a flag that isn't on the command line from the environment, or from a file. */
function fill(command: Command, option: Option, file: ConfigFile | undefined): void {
  const key = option.attributeName();
  const isElsewhere = option instanceof SettingOption || option instanceof CommandLineOption;
  if (isElsewhere || key === 'config') return;
  if ((command.getOptionValueSource(key) ?? 'default') !== 'default') return;
  const written = variable(key);
  const inFile = file !== undefined && Object.hasOwn(file.values, key);
  if (written === undefined && !inFile) return;
  const name = written === undefined ? `${file?.path}: ${key}` : variableOf(key);
  const value = valueOfFlag(option, written ?? file?.values[key], name);
  command.setOptionValueWithSource(key, value, name);
}

/** @param name - what an error calls it */
function valueOfFlag(option: Option, written: unknown, name: string): unknown {
  if (option.isBoolean()) {
    const value = typeof written === 'boolean' ? written : SWITCHES.get(asText(written));
    if (value !== undefined) return value;
    throw new UsageError(`${name} must be true or false; got ${JSON.stringify(written)}`);
  }
  const text = Array.isArray(written) ? written.map(asText).join(',') : asText(written);
  if (text === '') throw new UsageError(`${name} must not be empty; leave it out`);
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined);
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    throw new UsageError(`${name} ${JSON.stringify(text)} is invalid. ${cause.message}`, { cause });
  }
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** What the user calls a flag of a command: `--count`, or where its value is from: `LLM101_COUNT`, `run.json: count`. */
export function namesIn(command: Command): (key: string) => string {
  return (key) => {
    const source = command.getOptionValueSource(key) ?? 'cli';
    return source === 'cli' || source === 'default' ? flagOf(key) : source;
  };
}

/**
 * All sources of a command's settings: flags, environment, file.
 *
 * @param given - its flags, whether written or not
 * @throws UserError when a file can't be read
 */
export function settingSources(command: Command, given: RawSettings): SettingSources {
  const config = configOf(command);
  const file = config === undefined ? undefined : findConfigFile(config);
  // commander counts a `--no-…` that isn't written as true
  const flags = Object.entries(given).filter(
    ([key]) => key !== 'config' && command.getOptionValueSource(key) !== 'default',
  );
  return {
    flags: Object.fromEntries(flags),
    nameOfFlag: namesIn(command),
    environment: environmentSettings(),
    file: file && { path: file.path, settings: settingsIn(file.values) },
  };
}

/** The threads that a command may take, from any source. */
export function workersSetting(command: Command, workers: unknown): Settings['workers'] {
  const flags = workers === undefined ? {} : { workers };
  return resolveSome(settingsSchema.pick({ workers: true }), settingSources(command, flags))
    .workers;
}

/** `--config`; from the hook on also where it wasn't written. */
const configOf = (command: Command): string | undefined =>
  command.opts<{ readonly config?: string }>().config;

/** The settings among what a file holds, and the hash of the text that it names. */
function settingsIn(values: RawSettings): RawSettings {
  const keys: ReadonlySet<string> = new Set([...settingKeys, ...hashes]);
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));
}

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
      const written = variable(key, environment);
      return written === undefined ? [] : [[key, valueOf(key, written)]];
    }),
  );
}

/** The value as a flag or JSON would give it; the schema validates it. */
function valueOf(key: SettingKey, written: string): unknown {
  const initial: unknown = defaultSettings[key];
  if (typeof initial === 'boolean') return SWITCHES.get(written.toLowerCase()) ?? written;
  return isNumeric(key) ? parseNumber(written) : written;
}

function variable(key: string, environment: Environment = process.env): string | undefined {
  return environment[variableOf(key)] || undefined;
}

/** Variables that no flag stands for: where data is, and whether errors show their stack. */
const OTHERS = ['LLM101_DATA_DIR', 'LLM101_CACHE_DIR', 'LLM101_DEBUG'];

/** Variables that look like settings and aren't, most likely misspelt. */
export function unknownVariables(
  known: Iterable<string>,
  environment: Environment = process.env,
): string[] {
  const names = new Set([...OTHERS, ...Array.from(known, variableOf)]);
  return Object.keys(environment).filter((name) => name.startsWith('LLM101_') && !names.has(name));
}

const PREFIX = 'LLM101_';

function describeUnknownVariable(name: string, known: Iterable<string>): string {
  const candidates = [...Array.from(known, variableOf), ...OTHERS];
  const likely = suggest(
    name.slice(PREFIX.length),
    candidates.map((other) => other.slice(PREFIX.length)),
  );
  const remedy =
    likely === undefined
      ? 'unset it; llm101 help settings says which are read'
      : `did you mean ${PREFIX}${likely}?`;
  return `${name} is set, but isn't a setting; ${remedy}`;
}

/** @throws UsageError naming the first key that nothing reads */
function checkFile({ path, values }: ConfigFile, known: ReadonlySet<string>): void {
  const unknown = Object.keys(values).find(
    (key) => !known.has(key) && !hashes.some((hash) => hash === key),
  );
  if (unknown === undefined) return;
  const likely = suggestSetting(unknown, [...known]);
  const remedy =
    likely === undefined ? `the settings are ${settingKeys.join(', ')}` : `did you mean ${likely}?`;
  throw new UsageError(`${path}: ${unknown} isn't a setting; ${remedy}`);
}
