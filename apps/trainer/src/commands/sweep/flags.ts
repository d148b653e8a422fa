import type { Command, Option } from 'commander';
import type { RawSettings } from '@llm101/runs';
import {
  addSettingFlags,
  CommandLineOption,
  type ExitWith,
  notEmpty,
  parseNumber,
} from '../../terminal/options.js';
import { logOption } from '../train/flags.js';
import { addOutputFlags, makeOutput } from '../../terminal/output.js';
import { settingSources } from '../../terminal/sources.js';
import { untilStopped } from '../../terminal/stop-signal.js';
import { queueOption, sharedOption } from '../worker/flags.js';
import type { SweepFlags } from './plan-sweep.js';
import type { SweepRunFlags } from './sweep.js';

export function addSweep(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('sweep')
    .summary('train many models, each with other settings, and find the best')
    .description(
      'Trains many models that differ in some settings, side by side, and says which is the best. Which settings are tried follows from the ' +
        'sweep and its seed alone: neither the number of processes nor their speed counts.',
    )
    .argument('[file]', 'a sweep as JSON, or the name of one that comes with llm101');
  for (const option of SWEEP_OPTIONS) command.addOption(option.helpGroup('Sweep:'));
  for (const option of RUN_OPTIONS) command.addOption(option.helpGroup('Run:'));
  command.addOption(logOption());
  for (const option of QUEUE_OPTIONS) command.addOption(option.helpGroup('Queue:'));
  addSettingFlags(command);
  addOutputFlags(command)
    .addHelpText(
      'after',
      '\nFour rates, each with two widths:\n' +
        '  llm101 sweep --vary lr=1,0.3,0.1,0.03 --vary d-hidden=64,128 --max-steps 2000\n' +
        '\nTwenty-seven at random, of which one in three goes on from 250 and from 750 steps:\n' +
        '  llm101 sweep --vary lr=log:0.01..1 --trials 27 --scheduler asha --min-steps 250 --reduction 3 --max-steps 2000',
    )
    .action(async (file: string | undefined, given: SweepFlags & SweepRunFlags & RawSettings) => {
      const { quiet, json, ...flags } = given;
      const output = makeOutput({ quiet, json });
      const { sweepCommand } = await import('./sweep.js');
      const isSet = (key: string): boolean => command.getOptionValueSource(key) !== 'default';
      const settings = Object.fromEntries(
        Object.entries(flags).filter(([key]) => !OWN.has(key) && isSet(key)),
      );
      const sources = settingSources(command, settings);
      exitWith(
        await untilStopped(
          (stop) => sweepCommand(file, { ...flags, sources, output, stop }),
          output,
        ),
      );
    });
}

const number = (flags: string, help: string): Option =>
  new CommandLineOption(flags, help).argParser(parseNumber);

const SWEEP_OPTIONS: readonly Option[] = [
  new CommandLineOption(
    '--vary <setting=values>',
    'what a setting may be: lr=0.1,0.01 · dropout=0..0.5 · lr=log:0.001..1 · "heads=2,4 if model=gpt"; once for each setting',
  ).argParser((written: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    written,
  ]),
  new CommandLineOption(
    '--sampler <grid|random|tpe>',
    'every combination, points at random, or those that a tree-structured Parzen estimator takes for good (default: grid where all are lists and no --trials is given, else random)',
  ),
  number('--trials <n>', 'points that are tried at most (default: all of a grid, else 20)'),
  number('--seeds <n>', 'runs of each point, with as many seeds; their mean counts (default: 1)'),
  new CommandLineOption(
    '--objective <name>',
    'what they are compared by: valLoss, trainLoss, bitsPerByte, bitsPerCharacter, valAnswerAccuracy (default: valLoss)',
  ),
  new CommandLineOption('--maximize', 'more of it is better'),
  new CommandLineOption(
    '--scheduler <none|asha>',
    'whether all run to their end, or the best go on: asynchronous successive halving (default: none)',
  ),
  number(
    '--min-steps <n>',
    'with asha: the steps after which a trial pauses first (default: so that it pauses three times)',
  ),
  number(
    '--reduction <n>',
    'with asha: of as many one goes on, to as many times the steps (default: 4)',
  ),
  number(
    '--in-flight <n>',
    'with asha or tpe: trials of which a decision knows no result yet; at most as many run at a time (default: 8)',
  ),
  number('--max-total-steps <n>', 'steps of all trials together, at most'),
  number('--sweep-seed <n>', 'seed of the points; --seed is that of the runs (default: 101)'),
];

const RUN_OPTIONS: readonly Option[] = [
  new CommandLineOption(
    '--sweep-dir <folder>',
    "where the sweep is kept, a run folder for each trial in it (default: sweeps/<model>, or the file's name)",
  ).argParser(notEmpty('the path of a folder')),
  new CommandLineOption('--resume <folder>', 'go on with a sweep that was stopped')
    .argParser(notEmpty('the path of a folder'))
    .conflicts(['sweepDir', 'config']),
  new CommandLineOption('--retry-failed', 'with --resume: trials that failed are tried again'),
  new CommandLineOption(
    '--dry-run',
    'print what would run, with its parameters and an estimate of its time, and train nothing',
  ),
  number(
    '--concurrency <n>',
    'trials that run at a time (default: as many as cores, or as fit into memory; on a queue 1,000)',
  ),
  number('--max-minutes <n>', 'stop after that time; --resume goes on'),
];

const QUEUE_OPTIONS: readonly Option[] = [queueOption(), sharedOption()];

const OWN: ReadonlySet<string> = new Set([
  'config',
  'log',
  ...[...SWEEP_OPTIONS, ...RUN_OPTIONS, ...QUEUE_OPTIONS].map((option) => option.attributeName()),
]);
