import { between, checkSettings, fractionUpTo1, type RawSettings, whole } from '@llm101/runs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { latestRun } from '../../run-folder/latest-run.js';
import {
  LATEST,
  numberOption,
  parseNumber,
  runDirOption,
  workersOption,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { namesIn, settingSources, workersSetting } from '../../terminal/sources.js';

/** What `llm101 sample` draws. */
const sampleSettingsSchema = z.strictObject({
  count: whole(1).optional(),
  temperature: between(0, 100).default(1),
  topK: whole(1).optional(),
  topP: fractionUpTo1().default(1),
  prompt: z.string().optional(),
  promptFile: z.string().optional(),
  maxLength: whole(1).optional(),
  end: z.string().min(1, 'a text of at least one character, or none').optional(),
  seed: whole(0, 2 ** 32 - 1).default(101),
});

interface SampleFlags extends RawSettings, OutputFlags {
  readonly runDir?: string;
}

export function addSample(program: Command): void {
  const defaults = sampleSettingsSchema.parse({});
  const command = program
    .command('sample')
    .summary('draw samples from a saved model')
    .description(
      'Draws samples from a saved model: lines, or texts. A single one is shown as it is drawn.',
    )
    .addOption(runDirOption(`the run whose model is used (default: ${LATEST})`))
    .addOption(
      new Option('--count <n>', 'how many (default: 10 lines, or one text)').argParser(parseNumber),
    )
    .addOption(
      numberOption(
        '--temperature <t>',
        'above 1 bolder, below 1 safer, 0 the likeliest',
        defaults.temperature,
      ),
    )
    .addOption(
      new Option('--top-k <n>', 'draw among the n likeliest characters (default: all)').argParser(
        parseNumber,
      ),
    )
    .addOption(
      numberOption(
        '--top-p <fraction>',
        'draw among the fewest likeliest characters that make up this fraction',
        defaults.topP,
      ),
    )
    .option(
      '--prompt <text>',
      'how each begins; it may have line breaks where the model knows them',
    )
    .addOption(new Option('--prompt-file <file>', 'the same, from a file').conflicts('prompt'))
    .addOption(
      new Option(
        '--max-length <n>',
        'tokens after which a line (default: 100) or a text (default: 500) is cut off',
      ).argParser(parseNumber),
    )
    .option(
      '--end <none|text>',
      "what ends each: a text, such as a line break, or none (default: a line's end; none of a text)",
    )
    .addOption(numberOption('--seed <n>', 'decides what is drawn', defaults.seed))
    .addOption(workersOption());
  addOutputFlags(command).action(
    async ({ runDir, workers: written, quiet, json, ...given }: SampleFlags) => {
      const { flags } = settingSources(command, given);
      const settings = checkSettings(sampleSettingsSchema, flags, namesIn(command));
      const workers = workersSetting(command, written);
      const output = makeOutput({ quiet, json });
      const { sampleCommand } = await import('./sample.js');
      const options = { runDir: runDir ?? latestRun('model', output), workers, output };
      await sampleCommand(settings, options);
    },
  );
}
