import { defaultSettings, flagOf, settingHelp, settingKeys, SPLIT_SETTINGS } from '@llm101/runs';
import type { RawSettings, SettingKey } from '@llm101/runs';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Takes the exit status of a command that ended by itself. */
export type ExitWith = (status: number) => void;

/** Gives a command the flags of some settings, `--context-size <n>` for `contextSize`. Default: all. */
export function addSettingFlags(
  command: Command,
  keys: readonly SettingKey[] = settingKeys,
): Command {
  for (const key of keys) command.addOption(settingOption(key));
  return command;
}

function settingOption(key: SettingKey): Option {
  const { group, value, help, initial = defaultSettings[key], isOn, isHidden } = settingHelp(key);
  const flag = isOn ? flagOf(key).replace('--', '--no-') : flagOf(key);
  const option =
    value === undefined
      ? new Option(flag, help)
      : new Option(`${flag} <${value}>`, `${help} (default: ${initial})`);
  if (typeof defaultSettings[key] !== 'string' && value !== undefined) {
    option.argParser(parseNumber);
  }
  return option.helpGroup(`${group}:`).hideHelp(isHidden === true);
}

/** A number where one is written; anything else stays as it is, so that the schema's error can quote it. */
export function parseNumber(written: string): number | string {
  const number = Number(written);
  return written.trim() === '' || Number.isNaN(number) ? written : number;
}

export function runDirOption(help: string): Option {
  return new Option('--run-dir <folder>', help)
    .helpGroup('Run:')
    .argParser(notEmpty('the path of a folder'));
}

/** A run whose model, text, split and alphabet are used; it conflicts with the flags for these. */
export function modelOption(help: string): Option {
  return new Option('--model <folder>', help)
    .argParser(notEmpty('the path of a folder'))
    .conflicts([...SPLIT_SETTINGS]);
}

/** Read where it exists and `--config` names no other. */
export const CONFIG_FILE = 'llm101.config.json';

export function configOption(): Option {
  return new Option(
    '--config <file>',
    `settings as JSON (default: ${CONFIG_FILE}, where there is one); flags and LLM101_… override it`,
  )
    .helpGroup('Run:')
    .argParser(notEmpty('the path of a file'));
}

/** A flag for a number, with its default in the help. */
export function numberOption(flags: string, help: string, initial: number): Option {
  return new Option(flags, `${help} (default: ${initial})`).argParser(parseNumber);
}

/** Takes a value as it is written, but no empty one. */
export function notEmpty(what: string): (written: string) => string {
  return (written) => {
    if (written === '') throw new InvalidArgumentError(`It must be ${what}.`);
    return written;
  };
}

/** What was written on the command line: commander counts a `--no-…` that wasn't as true. */
export function withoutDefaults(command: Command, flags: RawSettings): RawSettings {
  return Object.fromEntries(
    Object.entries(flags).filter(([key]) => command.getOptionValueSource(key) !== 'default'),
  );
}
