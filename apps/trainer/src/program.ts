import { Command, InvalidArgumentError, Option } from 'commander';
import { addOutputFlags, makeOutput, type OutputFlags } from './output.js';
import { addSettingFlags, DATA_SETTINGS, numberIfItIsOne } from './setting-flags.js';
import { check, resolveSettings, type WrittenSettings } from './resolve-settings.js';
import { whole } from './rules.js';
import { sampleSettingsSchema } from './sample-settings.js';
import { settingsSchema } from './settings.js';
import { EXTRA_LOGS, type ExtraLog, parseLogs } from './extra-logs.js';
import { readConfigFile } from './config-file.js';
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
  addReport(program);
  addWandb(program);
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
      new Option('--config <file>', 'settings as JSON; a flag counts before it').helpGroup('Run:'),
    )
    .addOption(
      new Option('--log <kinds>', `more logs, such as ${EXTRA_LOGS.join(',')}`)
        .helpGroup('Run:')
        .argParser(parseLogs),
    )
    .addOption(
      new Option('--plot', 'draw the losses as they come, in a terminal').helpGroup('Run:'),
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      "\nThe lecture's run, to PyTorch's digits:\n" +
        '  llm101 train --data makemore-names --context-size 8 --d-embed 16',
    )
    .action(async (options: TrainFlags) => {
      const { config, runDir, log, plot, quiet, json, ...given } = options;
      const flags = withoutDefaults(command, given);
      const file =
        config === undefined ? undefined : { path: config, settings: readConfigFile(config) };
      const settings = resolveSettings({ flags, file });
      const { trainCommand } = await import('./commands/train.js');
      exitWith(
        await trainCommand(settings, {
          runDir: runDir ?? `runs/${settings.model}`,
          ...(log && { log }),
          ...(plot && { plot }),
          output: makeOutput({ quiet, json }),
        }),
      );
    });
}

function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure a saved model')
    .description('Measures a saved model: loss, accuracy, perplexity, bits a character.')
    .addOption(runDirOption('the run whose model is measured').makeOptionMandatory())
    .option(
      '--data <path|name>',
      "another text, all of it, in place of the run's validation names",
    );
  addOutputFlags(command).action(async ({ runDir, data, ...flags }: EvaluateFlags) => {
    const { evaluateCommand } = await import('./commands/evaluate.js');
    await evaluateCommand({ runDir, data, output: makeOutput(flags) });
  });
}

function addSample(program: Command): void {
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
    const { sampleCommand } = await import('./commands/sample.js');
    await sampleCommand(settings, { runDir, output: makeOutput({ quiet, json }) });
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
    .option('--list', 'the data sets that have a name, and nothing else');
  addOutputFlags(command).action(async ({ list, rows, quiet, json, ...flags }: DataFlags) => {
    const written = { ...flags, ...(rows !== undefined && { rows }) };
    const settings = check(dataSettingsSchema, written);
    const { dataCommand, listDataSets } = await import('./commands/data.js');
    const output = makeOutput({ quiet, json });
    if (list === true) listDataSets(output);
    else await dataCommand(settings, { rows: settings.rows, output });
  });
}

function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary('draw a run as a page, or compare several')
    .description('Draws the curves, samples and embedding of a run as a page, or compares several.')
    .argument('<folders...>', 'folders of runs')
    .option('--output <file>', "the page; unless given report.html, one run's in its folder");
  addOutputFlags(command).action(async (folders: string[], { output, ...flags }: ReportFlags) => {
    const { reportCommand } = await import('./commands/report.js');
    await reportCommand({ folders, path: output, output: makeOutput(flags) });
  });
}

function addWandb(program: Command): void {
  const command = program
    .command('wandb')
    .summary('send runs to Weights & Biases that were kept on the disk')
    .description('Weights & Biases. WANDB_API_KEY says who you are, WANDB_BASE_URL where it is.')
    .helpCommand(false)
    .command('sync')
    .description('Sends runs that were trained with --log wandb, as far as W&B lacks them.')
    .argument('<folders...>', 'folders of runs');
  addOutputFlags(command).action(async (folders: string[], flags: OutputFlags) => {
    const { wandbSyncCommand } = await import('./commands/wandb-sync.js');
    await wandbSyncCommand(folders, makeOutput(flags));
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

interface EvaluateFlags extends OutputFlags {
  readonly runDir: string;
  readonly data?: string;
}

interface SampleFlags extends WrittenSettings, OutputFlags {
  readonly runDir: string;
}

interface DataFlags extends WrittenSettings, OutputFlags {
  readonly list?: boolean;
  readonly rows?: unknown;
}

interface ReportFlags extends OutputFlags {
  readonly output?: string;
}

interface TrainFlags extends WrittenSettings, OutputFlags {
  readonly config?: string;
  readonly runDir?: string;
  readonly log?: readonly ExtraLog[];
  readonly plot?: boolean;
}

function runDirOption(help: string): Option {
  return new Option('--run-dir <folder>', help).helpGroup('Run:').argParser((path: string) => {
    if (path === '') throw new InvalidArgumentError('It must be the path of a folder.');
    return path;
  });
}
