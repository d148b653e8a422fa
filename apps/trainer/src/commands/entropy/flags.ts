import { resolveSome, SPLIT_SETTINGS, splitSettingsSchema, whole } from '@llm101/runs';
import type { RawSettings } from '@llm101/runs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { runOrText } from '../../run-folder/run-or-text.js';
import {
  addSettingFlags,
  CommandLineOption,
  modelOption,
  numberOption,
  workersOption,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

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
  command.addOption(workersOption());
  addOutputFlags(command).action(async ({ surprisal, quiet, json, ...flags }: EntropyFlags) => {
    const output = makeOutput({ quiet, json });
    const { sources, named } = runOrText(command, flags, output);
    const settings = resolveSome(entropySettingsSchema, sources);
    if (surprisal === undefined) {
      const { entropyCommand } = await import('./entropy.js');
      await entropyCommand(settings, named);
    } else {
      const { surprisalCommand } = await import('./surprisal.js');
      await surprisalCommand(settings, { ...named, words: surprisal });
    }
  });
}
