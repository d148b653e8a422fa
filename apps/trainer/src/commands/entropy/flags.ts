import { resolveSome, SPLIT_SETTINGS, splitSettingsSchema, whole } from '@llm101/runs';
import type { RawSettings } from '@llm101/runs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { settingSources } from '../../run-folder/settings.js';
import { addSettingFlags, modelOption, numberOption } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

/** What `llm101 entropy` measures. */
const entropySettingsSchema = splitSettingsSchema.extend({
  order: whole(1, 16).default(6),
  unit: z.enum(['bits', 'nats'], { error: 'bits or nats' }).default('bits'),
});

interface EntropyFlags extends RawSettings, OutputFlags {
  readonly model?: string;
  readonly surprisal?: readonly string[];
}

export function addEntropy(program: Command): void {
  const defaults = entropySettingsSchema.parse({});
  const command = program
    .command('entropy')
    .summary('how uncertain the next character of a text is')
    .description(
      'Measures how uncertain the next character of a text is: by n-grams, counted and held out, by repetitions, and by a trained model.',
    );
  addSettingFlags(command, SPLIT_SETTINGS)
    .addOption(modelOption('the run whose model is measured too, on its own held-out names'))
    .addOption(numberOption('--order <n>', 'characters in the longest n-gram', defaults.order))
    .addOption(new Option('--unit <bits|nats>', `the unit (default: ${defaults.unit})`))
    .option('--surprisal <words...>', 'instead, how surprising each character of these words is');
  addOutputFlags(command).action(
    async ({ model, surprisal, quiet, json, ...flags }: EntropyFlags) => {
      // a run has its own split, whatever other sources say
      const sources = model === undefined ? settingSources(flags) : { flags };
      const settings = resolveSome(entropySettingsSchema, sources);
      const output = makeOutput({ quiet, json });
      if (surprisal === undefined) {
        const { entropyCommand } = await import('./entropy.js');
        await entropyCommand(settings, { model, output });
      } else {
        const { surprisalCommand } = await import('./surprisal.js');
        await surprisalCommand(settings, { words: surprisal, model, output });
      }
    },
  );
}
