import {
  defaultSettings,
  contradictionsOf,
  resolveSome,
  SPLIT_SETTINGS,
  splitSettingsSchema,
  UsageError,
  type RawSettings,
} from '@llm101/runs';
import type { Command } from 'commander';
import { runOrText } from '../../run-folder/run-or-text.js';
import { addSettingFlags, CommandLineOption, modelOption } from '../../terminal/options.js';
import { notEmpty } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

interface TokenizeFlags extends RawSettings, OutputFlags {
  readonly model?: string | true;
  readonly text?: readonly string[];
  readonly output?: string;
}

/** The settings that decide a tokenizer and what it reads. */
const KEYS = SPLIT_SETTINGS.filter(
  (key) => !['valSize', 'trainShare', 'distinct', 'seed'].includes(key),
);

export function addTokenize(program: Command): void {
  const command = program
    .command('tokenize')
    .summary('see what the tokens of a text are, and make a tokenizer of it')
    .description(
      'Shows how a text becomes tokens, and how many; by a tokenizer that is made of it, that a run has or that a file has.',
    );
  addSettingFlags(command, KEYS)
    .addOption(modelOption('the run whose tokenizer is used, by default on its own text'))
    .addOption(new CommandLineOption('--text <texts...>', 'instead, the tokens of these texts'))
    .addOption(
      new CommandLineOption(
        '-o, --output <file>',
        'writes the tokenizer: vocab.json for characters, else tokenizer.json; an existing file is replaced',
      ).argParser(notEmpty('the path of a file')),
    );
  addOutputFlags(command).action(
    async ({ text, output: outputPath, quiet, json, ...flags }: TokenizeFlags) => {
      const output = makeOutput({ quiet, json });
      const { sources, named } = runOrText(command, flags, output);
      const settings = resolveSome(splitSettingsSchema, sources);
      const problems = contradictionsOf({ ...defaultSettings, ...settings });
      if (problems.length > 0) throw new UsageError(problems[0].message, problems[0]);
      const { tokenizeCommand } = await import('./tokenize.js');
      await tokenizeCommand(settings, { ...named, texts: text, outputPath });
    },
  );
}
