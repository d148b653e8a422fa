import { type Command, Option } from 'commander';
import { addOutputFlags, makeOutput, type OutputFlags } from '../output.js';
import { check } from '../resolve-settings.js';
import type { WrittenSettings } from '../written-settings.js';
import { sampleSettingsSchema } from '../sample-settings.js';
import { numberIfItIsOne } from '../setting-flags.js';
import { numberOption, runDirOption } from './option-helpers.js';

interface SampleFlags extends WrittenSettings, OutputFlags {
  readonly runDir: string;
}

export function addSample(program: Command): void {
  const defaults = sampleSettingsSchema.parse({});
  const command = program
    .command('sample')
    .summary('draw names from a saved model')
    .description('Draws names from a saved model, one a line.')
    .addOption(runDirOption('the run whose model is used').makeOptionMandatory())
    .addOption(numberOption('--count <n>', 'how many', defaults.count))
    .addOption(
      numberOption(
        '--temperature <t>',
        'above 1 bolder, below 1 safer, 0 the likeliest',
        defaults.temperature,
      ),
    )
    .addOption(
      new Option(
        '--top-k <n>',
        'draw among so many of the likeliest characters (default: all)',
      ).argParser(numberIfItIsOne),
    )
    .addOption(
      numberOption(
        '--top-p <share>',
        'draw among the fewest likeliest characters that come to this share',
        defaults.topP,
      ),
    )
    .option('--prompt <characters>', 'how each name begins')
    .addOption(
      numberOption(
        '--max-length <n>',
        'characters after which a name is cut off',
        defaults.maxLength,
      ),
    )
    .addOption(numberOption('--seed <n>', 'decides what is drawn', defaults.seed));
  addOutputFlags(command).action(async ({ runDir, quiet, json, ...flags }: SampleFlags) => {
    const settings = check(sampleSettingsSchema, flags);
    const { sampleCommand } = await import('../commands/sample.js');
    await sampleCommand(settings, { runDir, output: makeOutput({ quiet, json }) });
  });
}
