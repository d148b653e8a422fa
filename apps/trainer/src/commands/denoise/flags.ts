import { type Command, Option } from 'commander';
import { CHANNELS } from './channel-kind.js';
import { denoiseSettingsSchema } from './settings.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { resolveSome } from '../../settings/resolve-settings.js';
import { addSettingFlags } from '../../terminal/setting-flags.js';
import { settingSources } from '../../run-folder/setting-sources.js';
import { SPLIT_SETTINGS } from '../../settings/split-settings.js';
import type { WrittenSettings } from '../../settings/written-settings.js';
import { modelOption, numberOption } from '../../terminal/option-helpers.js';

interface DenoiseFlags extends WrittenSettings, OutputFlags {
  readonly model?: string;
}

export function addDenoise(program: Command): void {
  const defaults = denoiseSettingsSchema.parse({});
  const command = program
    .command('denoise')
    .summary('mend noisy names by what names look like')
    .description(
      'Sends held-out names through a noisy channel, and mends them by what n-grams and a trained model know of names. ' +
        'With words, mends these instead.',
    )
    .argument('[words...]', 'noisy words to mend; a character that is lost is written as ?');
  addSettingFlags(command, SPLIT_SETTINGS)
    .addOption(modelOption('the run whose model mends too, on its own held-out names'))
    .addOption(numberOption('--order <n>', 'characters in the longest n-gram', defaults.order))
    .addOption(
      new Option(
        '--channel <kind>',
        `what happens to a character: ${CHANNELS.join(', ')} (default: ${defaults.channel})`,
      ),
    )
    .addOption(
      numberOption('--rate <share>', 'of characters, or bits, that it happens to', defaults.rate),
    )
    .addOption(numberOption('--noise-seed <n>', 'decides which', defaults.noiseSeed))
    .addOption(numberOption('--count <n>', 'held-out names at most', defaults.count))
    .addOption(
      numberOption('--beam <n>', 'beginnings of each name that are kept in mind', defaults.beam),
    )
    .addOption(
      new Option(
        '--decode <letters|names>',
        `the likeliest character at each place, or the likeliest name (default: ${defaults.decode})`,
      ),
    );
  addOutputFlags(command).action(
    async (words: string[], { model, quiet, json, ...flags }: DenoiseFlags) => {
      // a run's split is its own, whatever stands elsewhere
      const sources = model === undefined ? settingSources(flags) : { flags };
      const settings = resolveSome(denoiseSettingsSchema, sources);
      const options = { model, output: makeOutput({ quiet, json }) };
      if (words.length === 0) {
        const { denoiseCommand } = await import('./denoise.js');
        await denoiseCommand(settings, options);
      } else {
        const { mendCommand } = await import('./mend.js');
        await mendCommand(settings, { ...options, words });
      }
    },
  );
}
