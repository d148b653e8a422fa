import { Command, InvalidArgumentError, Option } from 'commander';
import { addSettingFlags, DATA_SETTINGS, numberIfItIsOne } from './setting-flags.js';
import { check, resolveSettings, type WrittenSettings } from './resolve-settings.js';
import { whole } from './rules.js';
import { sampleSettingsSchema } from './sample-settings.js';
import { settingsSchema } from './settings.js';
import { readConfigFile } from './config-file.js';
import { untilStopped } from './stop-signal.js';
import { versions } from './versions.js';

const RUN_DIR = 'runs/<model>';

/**
 * The command line. Each command's code is loaded when it is called, so that `--help` answers at once.
 *
 * @param exitWith - told the exit status of a command that ended by itself
 */
export function makeProgram(exitWith: (status: number) => void): Command {
  const program = new Command('llm101')
    .description('Train small language models, on SIMD WebAssembly.')
    .version(versions.llm101, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError(false);
  addTrain(program, exitWith);
  addEvaluate(program);
  addSample(program);
  addData(program);
  return program;
}

function addTrain(program: Command, exitWith: (status: number) => void): void {
  const command = program
    .command('train')
    .summary('train a model, save it and draw names from it')
    .description(
      "Trains a model, saves it and draws names from it. The defaults are the lecture's.",
    );
  addSettingFlags(command)
    .addOption(
      runDirOption(`where the run is kept; an earlier one is moved aside (default: ${RUN_DIR})`),
    )
    .addOption(
      new Option('--config <file>', 'settings as JSON; a flag counts before it')
        .helpGroup('Run:')
        .argParser(notEmpty('the path of a file')),
    )
    .addHelpText(
      'after',
      "\nThe lecture's run, to PyTorch's digits:\n" +
        '  llm101 train --data makemore-names --context-size 8 --d-embed 16',
    )
    .action(async (options: TrainFlags) => {
      const { config, runDir, ...given } = options;
      const flags = withoutDefaults(command, given);
      const file =
        config === undefined ? undefined : { path: config, settings: readConfigFile(config) };
      const settings = resolveSettings({ flags, file });
      const { trainCommand } = await import('./commands/train.js');
      const folder = runDir ?? `runs/${settings.model}`;
      exitWith(await untilStopped((stop) => trainCommand(settings, folder, stop)));
    });
}

function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .summary('measure a saved model')
    .description('Measures a saved model: loss, accuracy, perplexity, bits a character.')
    .addOption(runDirOption('the run whose model is measured').makeOptionMandatory())
    .addOption(
      new Option(
        '--data <path|name>',
        "another text, all of it, in place of the run's validation names",
      ).argParser(notEmpty('the name of a data set, a path or a URL')),
    )
    .action(async ({ runDir, data }: { runDir: string; data?: string }) => {
      const { evaluateCommand } = await import('./commands/evaluate.js');
      await evaluateCommand(runDir, data);
    });
}

function addSample(program: Command): void {
  const defaults = sampleSettingsSchema.parse({});
  program
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
    .option('--prompt <characters>', 'how each name begins')
    .addOption(
      numberOption(
        '--max-length <n>',
        'characters after which a name is cut off',
        defaults.maxLength,
      ),
    )
    .addOption(numberOption('--seed <n>', 'decides what is drawn', defaults.seed))
    .action(async ({ runDir, ...flags }: WrittenSettings & { runDir: string }) => {
      const settings = check(sampleSettingsSchema, flags);
      const { sampleCommand } = await import('./commands/sample.js');
      await sampleCommand(runDir, settings);
    });
}

function addData(program: Command): void {
  const command = program
    .command('data')
    .summary('look at a text: its size, split, duplicates and first windows')
    .description(
      'Shows what a text holds, how it is split, what is in it twice, and its first windows.',
    );
  addSettingFlags(command, DATA_SETTINGS)
    .addOption(new Option('--rows <n>', 'windows to show (default: 8)').argParser(numberIfItIsOne))
    .option('--list', 'the data sets that have a name, and nothing else')
    .action(async ({ list, rows, ...flags }: WrittenSettings) => {
      const settings = check(dataSettingsSchema, { ...flags, ...(rows !== undefined && { rows }) });
      const { dataCommand, listDataSets } = await import('./commands/data.js');
      if (list === true) listDataSets();
      else await dataCommand(settings, settings.rows);
    });
}

const dataSettingsSchema = settingsSchema
  .pick({
    data: true,
    alphabet: true,
    valSize: true,
    distinct: true,
    contextSize: true,
    seed: true,
  })
  .extend({ rows: whole(0).default(8) });

function numberOption(flags: string, help: string, initial: number): Option {
  return new Option(flags, `${help} (default: ${initial})`).argParser(numberIfItIsOne);
}

/** What was written on the command line: commander counts a `--no-…` that wasn't as true. */
function withoutDefaults(command: Command, flags: WrittenSettings): WrittenSettings {
  return Object.fromEntries(
    Object.entries(flags).filter(([key]) => command.getOptionValueSource(key) !== 'default'),
  );
}

interface TrainFlags extends WrittenSettings {
  readonly config?: string;
  readonly runDir?: string;
}

function runDirOption(help: string): Option {
  return new Option('--run-dir <folder>', help)
    .helpGroup('Run:')
    .argParser(notEmpty('the path of a folder'));
}

function notEmpty(what: string) {
  return (written: string): string => {
    if (written === '') throw new InvalidArgumentError(`It must be ${what}.`);
    return written;
  };
}
