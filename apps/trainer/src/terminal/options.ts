import {
  defaultSettings,
  flagOf,
  isNumeric,
  settingHelp,
  type SettingKey,
  settingKeys,
  SPLIT_SETTINGS,
} from '@llm101/runs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CONFIG_FILE } from './config-file.js';

/** Takes the exit status of a command that ended by itself. */
export type ExitWith = (status: number) => void;

/** A flag of a setting of a run. */
export class SettingOption extends Option {}

/** A flag that stands on the command line alone: neither the environment nor a file can give it. */
export class CommandLineOption extends Option {}

/** Gives a command the flags of some settings, `--context-size <n>` for `contextSize`. Default: all. */
export function addSettingFlags(
  command: Command,
  keys: readonly SettingKey[] = settingKeys,
): Command {
  for (const key of keys) command.addOption(settingOption(key));
  return command;
}

/** `--workers <n|auto>`, for a command that computes with a saved model. */
export function workersOption(): Option {
  return new SettingOption(
    '--workers <n|auto>',
    'threads that compute; the result is the same with any number (default: auto)',
  ).argParser(parseNumber);
}

function settingOption(key: SettingKey): SettingOption {
  const { group, value, help, initial = defaultSettings[key], isOn, isHidden } = settingHelp(key);
  const flag = isOn ? flagOf(key).replace('--', '--no-') : flagOf(key);
  const option =
    value === undefined
      ? new SettingOption(flag, help)
      : new SettingOption(`${flag} <${value}>`, `${help} (default: ${initial})`);
  if (isNumeric(key)) option.argParser(parseNumber);
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

/** What `--run-dir` and the like say where a command needs a run and none is named. */
export const LATEST = 'the latest in runs/';

/**
 * A run whose model, text, split and alphabet are used; it conflicts with the flags for these. Without a folder, as `true`,
 * it is the latest.
 */
export function modelOption(help: string): Option {
  return optionalRunOption(`${help}; without a folder ${LATEST}`).conflicts(
    SPLIT_SETTINGS.filter((key) => key !== 'data'),
  );
}

/** `--model [folder]`: a run, where a command can do without. */
export function optionalRunOption(help: string): Option {
  return new CommandLineOption('--model [folder]', help).argParser(
    notEmpty('the path of a folder'),
  );
}

/** Where the text of a run is now, if it isn't where it was. */
export function textOption(
  help = 'where its text is now; it must have the SHA-256 that it had',
): Option {
  return new CommandLineOption('--data <path|name>', help).argParser(
    notEmpty('the name of a data set, a path or a URL'),
  );
}

export function configOption(): Option {
  return new Option(
    '--config <file>',
    `settings and other flags as JSON (default: ${CONFIG_FILE}, where there is one); flags and LLM101_… override it`,
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
