import type { RawSettings } from '@llm101/runs';
import { type Command, Option } from 'commander';
import { addSettingFlags } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { settingSources } from '../../terminal/sources.js';
import type { Language } from './code.js';

const LANGUAGES = ['typescript', 'pytorch'] as const satisfies readonly Language[];

interface CodeFlags extends RawSettings, OutputFlags {
  readonly language?: Language;
}

export function addCode(program: Command): void {
  const command = program
    .command('code')
    .summary('write a training down as a short program, in TypeScript or for PyTorch')
    .description(
      'Prints the program that trains what llm101 train trains with these settings: in TypeScript to the same weights, byte for byte, ' +
        'for PyTorch with the same initial values, batches and losses.',
    );
  addSettingFlags(command).addOption(
    new Option('--language <name>', 'typescript or pytorch (default: typescript)').choices(
      LANGUAGES,
    ),
  );
  addOutputFlags(command)
    .addHelpText(
      'after',
      '\nTo run what it prints, with Node 22.18 or later:\n  llm101 code --model cnn > train.ts && node train.ts',
    )
    .action(async ({ language = 'typescript', quiet, json, ...given }: CodeFlags) => {
      const sources = settingSources(command, given);
      const { settingsOfNew } = await import('../../run-folder/initial.js');
      const { settings, initial } = settingsOfNew(sources);
      const { codeCommand } = await import('./code.js');
      const output = makeOutput({ quiet, json });
      await codeCommand(settings, { language, initial, config: sources.file?.path, output });
    });
}
