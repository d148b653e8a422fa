import { type Command, Option } from 'commander';
import { resolveSome, SPLIT_SETTINGS, type RawSettings } from '@llm101/runs';
import { channelKinds } from '@llm101/inference';
import { runOrText } from '../../run-folder/run-or-text.js';
import {
  addSettingFlags,
  modelOption,
  numberOption,
  workersOption,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { denoiseSettingsSchema } from './settings.js';

interface DenoiseFlags extends RawSettings, OutputFlags {
  readonly model?: string | true;
}

export function addDenoise(program: Command): void {
  const defaults = denoiseSettingsSchema.parse({});
  const command = program
    .command('denoise')
    .summary('correct noisy lines by what lines look like')
    .description(
      'Sends held-out lines through a noisy channel, and corrects them with n-grams and a trained model. ' +
        'Given words, it corrects those instead.',
    )
    .argument('[words...]', 'noisy words to correct, with ? for a lost character');
  addSettingFlags(command, SPLIT_SETTINGS)
    .addOption(modelOption('the run whose model corrects too, on its own held-out lines'))
    .addOption(numberOption('--order <n>', 'characters in the longest n-gram', defaults.order))
    .addOption(
      new Option(
        '--channel <kind>',
        `what happens to a character: ${channelKinds.join(', ')} (default: ${defaults.channel})`,
      ),
    )
    .addOption(
      numberOption(
        '--rate <fraction>',
        'how many characters, or bits, it happens to',
        defaults.rate,
      ),
    )
    .addOption(numberOption('--noise-seed <n>', 'decides to which', defaults.noiseSeed))
    .addOption(numberOption('--count <n>', 'held-out lines at most', defaults.count))
    .addOption(numberOption('--beam <n>', 'candidates kept for each line', defaults.beam))
    .addOption(
      new Option(
        '--decode <letters|names>',
        `the likeliest character at each position, or the likeliest line (default: ${defaults.decode})`,
      ),
    );
  command.addOption(workersOption());
  addOutputFlags(command).action(
    async (words: string[], { quiet, json, ...flags }: DenoiseFlags) => {
      const output = makeOutput({ quiet, json });
      const { sources, named } = runOrText(command, flags, output);
      const settings = resolveSome(denoiseSettingsSchema, sources);
      const { correctCommand, denoiseCommand } = await import('./denoise.js');
      await (words.length === 0
        ? denoiseCommand(settings, named)
        : correctCommand(settings, { ...named, words }));
    },
  );
}
