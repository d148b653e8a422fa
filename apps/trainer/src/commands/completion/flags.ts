import { readdirSync } from 'node:fs';
import tab from '@bomb.sh/tab/commander';
import { presetNames, scheduleNames } from '@llm101/runs';
import { printable } from '@llm101/training/node';
import type { Command, Option } from 'commander';
import { channelKinds } from '@llm101/inference';
import { HELP_TOPICS } from '../help/topics.js';
import { BASH_SCRIPT } from './bash.js';
import { extraLogNames } from '../../run-folder/extra-logs.js';
import { print } from '../../terminal/streams.js';

type Complete = (value: string, description: string) => void;

/** Values that the help of an option doesn't list. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--preset': presetNames,
  '--schedule': scheduleNames,
  '--log': extraLogNames,
  '--channel': channelKinds,
  '--shards': ['auto'],
  '--workers': ['auto'],
};

/**
 * `llm101 completion bash|zsh|fish`, which prints a script for the shell, and the hidden `complete` that the script calls.
 * All other commands must have been added before.
 */
export function addCompletion(program: Command): void {
  const completions = tab(program, { completionCommandName: 'completion' });
  const { commands } = completions;
  program.commands
    .find((command) => command.name() === 'completion')
    ?.summary('complete commands, flags and their values with the Tab key')
    .description(
      'Prints a script by which a shell completes commands, flags and their values. In ~/.bashrc or ~/.zshrc:\n' +
        '  source <(llm101 completion bash)',
    )
    .action((shell: string) => {
      if (shell === 'bash') print(BASH_SCRIPT.trimEnd().split('\n'));
      else completions.setup(program.name(), program.name(), shell);
    });
  for (const [name, command] of commands) {
    const called = name.split(' ').reduce(subcommand, program);
    for (const option of called.options) {
      const entry = command.options.get(option.long?.slice(2) ?? '');
      if (entry !== undefined && entry.isBoolean !== true) entry.handler = valuesOf(option);
    }
    for (const argument of command.arguments.values()) {
      argument.handler ??= name === 'help' ? completeHelp(program) : completePaths;
    }
  }
}

const subcommand = (command: Command, name: string): Command =>
  command.commands.find((other) => other.name() === name) ?? command;

/** The values of an option, as its help lists them: `--model <mlp|cnn>`, `--run-dir <folder>`. */
function valuesOf({ long = '', flags }: Option): (complete: Complete) => void {
  const value = /[<[](.*)[>\]]/.exec(flags)?.[1] ?? '';
  if (/folder|file|path/.test(value)) return completePaths;
  const values = VALUES[long] ?? (value.includes('|') ? value.split('|') : []);
  return (complete) => values.forEach((text) => complete(text, ''));
}

function completePaths(complete: Complete): void {
  for (const path of pathsLike(process.argv.at(-1) ?? '')) complete(path, '');
}

const completeHelp = (program: Command) => (complete: Complete) => {
  for (const command of program.createHelp().visibleCommands(program)) {
    complete(command.name(), command.summary() || command.description());
  }
  for (const [name, { summary }] of Object.entries(HELP_TOPICS)) complete(name, summary);
};

/**
 * Paths that start with a word; folders end in a slash.
 *
 * @param word - what was typed so far: `ru`, `runs/fi`
 */
function pathsLike(word: string): string[] {
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  const start = word.slice(folder.length);
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .filter((path) => path === printable(path)) // a line break would end it, an escape command the terminal
      .sort();
  } catch {
    return []; // there is no such folder, or it can't be read
  }
}
