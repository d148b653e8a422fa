import { resolveSome, SPLIT_SETTINGS, splitSettingsSchema, whole } from '@llm101/runs';
import type { RawSettings } from '@llm101/runs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { namedRun } from '../../run-folder/latest-run.js';
import {
  addSettingFlags,
  CommandLineOption,
  modelOption,
  numberOption,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { settingSources } from '../../terminal/sources.js';

/** What `llm101 entropy` measures. */
const entropySettingsSchema = splitSettingsSchema.extend({
  order: whole(1, 16).default(6),
  unit: z.enum(['bits', 'nats'], { error: 'bits or nats' }).default('bits'),
});

interface EntropyFlags extends RawSettings, OutputFlags {
  readonly model?: string | true;
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
    .addOption(modelOption('the run whose model is measured too, on its own held-out lines'))
    .addOption(numberOption('--order <n>', 'characters in the longest n-gram', defaults.order))
    .addOption(new Option('--unit <bits|nats>', `the unit (default: ${defaults.unit})`))
    .addOption(
      new CommandLineOption(
        '--surprisal <words...>',
        'instead, how surprising each character of these words is',
      ),
    );
  addOutputFlags(command).action(
    async ({ model, surprisal, quiet, json, ...flags }: EntropyFlags) => {
      const output = makeOutput({ quiet, json });
      const run = namedRun(model, output);
      const sources = settingSources(command, flags);
      const { data, ...others } = sources.flags;
      // a run has its own split, whatever other sources say
      const own =
        run === undefined
          ? sources
          : { ...sources, flags: others, environment: {}, file: undefined };
      const settings = resolveSome(entropySettingsSchema, own);
      const options = {
        ...(run === undefined
          ? { config: own.file?.path }
          : { model: run, data: data as string | undefined }),
        output,
      };
      if (surprisal === undefined) {
        const { entropyCommand } = await import('./entropy.js');
        await entropyCommand(settings, options);
      } else {
        const { surprisalCommand } = await import('./surprisal.js');
        await surprisalCommand(settings, { ...options, words: surprisal });
      }
    },
  );
}
