import { type Command, InvalidArgumentError } from 'commander';
import { CommandLineOption, notEmpty } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { type Condition, parseCondition } from './conditions.js';

interface RunsFlags extends OutputFlags {
  readonly sort?: string;
  readonly descending?: boolean;
  readonly filter?: readonly Condition[];
  readonly csv?: boolean;
}

/** Where `llm101 train` keeps runs by default. */
const RUNS = 'runs';

export function addRuns(program: Command): void {
  const command = program
    .command('runs')
    .summary('list runs: what each reached, and the settings in which they differ')
    .description(
      'Lists runs beside each other: what each reached, and the settings in which they differ. The best one has an asterisk.',
    )
    .argument(
      '[folders...]',
      `folders of runs, or of folders of runs, or sweeps (default: ${RUNS})`,
    )
    .addOption(
      new CommandLineOption(
        '--sort <column>',
        'a figure, a setting or name, with the smallest first (default: the best first)',
      ).argParser(notEmpty('the name of a column')),
    )
    .addOption(new CommandLineOption('--descending', 'the largest first'))
    .addOption(
      new CommandLineOption(
        '--filter <conditions...>',
        "only runs of which all hold, such as model=mlp 'lr>0.1' 'valLoss<2.3'; also !=, <=, >=",
      ).argParser(collect),
    )
    .addOption(
      new CommandLineOption('--csv', 'a row a run, of comma-separated values').conflicts('json'),
    );
  addOutputFlags(command).action(async (named: string[], { quiet, json, ...flags }: RunsFlags) => {
    const { runsCommand } = await import('./runs.js');
    runsCommand({
      folders: named.length > 0 ? named : [RUNS],
      ...flags,
      output: makeOutput({ quiet, json }),
    });
  });
}

function collect(written: string, before: readonly Condition[] = []): Condition[] {
  const condition = parseCondition(written);
  if (condition !== undefined) return [...before, condition];
  throw new InvalidArgumentError('A condition is such as model=mlp, lr>0.1 or valLoss<=2.3.');
}
