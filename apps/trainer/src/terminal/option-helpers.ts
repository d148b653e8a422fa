import { type Command, InvalidArgumentError, Option } from 'commander';
import { SPLIT_SETTINGS } from '../settings/split-settings.js';
import type { WrittenSettings } from '../settings/written-settings.js';
import { numberIfItIsOne } from './setting-flags.js';
import { CONFIG_FILE } from '../run-folder/setting-sources.js';

/** Tells the exit status of a command that ended by itself. */
export type ExitWith = (status: number) => void;

export function runDirOption(help: string): Option {
  return new Option('--run-dir <folder>', help)
    .helpGroup('Run:')
    .argParser(notEmpty('the path of a folder'));
}

/** A run whose model, text, split and alphabet are used; flags of the text would contradict it. */
export function modelOption(help: string): Option {
  return new Option('--model <folder>', help)
    .argParser(notEmpty('the path of a folder'))
    .conflicts([...SPLIT_SETTINGS]);
}

export function configOption(): Option {
  return new Option(
    '--config <file>',
    `settings as JSON (default: ${CONFIG_FILE}, where there is one); flags and LLM101_… count before it`,
  )
    .helpGroup('Run:')
    .argParser(notEmpty('the path of a file'));
}

/** A flag for a number, with its default in the help. */
export function numberOption(flags: string, help: string, initial: number): Option {
  return new Option(flags, `${help} (default: ${initial})`).argParser(numberIfItIsOne);
}

/** Takes a value as it is written, unless nothing is. */
export function notEmpty(what: string): (written: string) => string {
  return (written) => {
    if (written === '') throw new InvalidArgumentError(`It must be ${what}.`);
    return written;
  };
}

/** What was written on the command line: commander counts a `--no-…` that wasn't as true. */
export function withoutDefaults(command: Command, flags: WrittenSettings): WrittenSettings {
  return Object.fromEntries(
    Object.entries(flags).filter(([key]) => command.getOptionValueSource(key) !== 'default'),
  );
}
