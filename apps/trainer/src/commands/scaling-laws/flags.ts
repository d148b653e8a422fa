import { type Command, InvalidArgumentError } from 'commander';
import { CommandLineOption, notEmpty, parseNumber } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import type { ScalingLawsFlags } from './scaling-laws.js';

export function addScalingLaws(program: Command): void {
  const command = program
    .command('scaling-laws')
    .summary('fit scaling laws to runs: how loss falls with parameters, tokens and compute')
    .description(
      'Fits L = E + A / N^alpha + B / D^beta to runs of different sizes, and power laws of parameters, tokens and compute, and says which sizes ' +
        'are the best for a budget. Draws all of it as a page.',
    )
    .argument('<sources...>', 'a sweep or other folders of runs, or one table (CSV)')
    .addOption(
      column('--parameters', 'of a table: the column of N (default: one that is usually named so)'),
    )
    .addOption(column('--tokens', 'of a table: the column of D; without one it is FLOP / 6 N'))
    .addOption(column('--flop', 'of a table: the column of C; without one it is 6 N D'))
    .addOption(column('--loss', 'of a table: the column of L'))
    .addOption(
      new CommandLineOption(
        '--non-embedding',
        'of runs: N without the tables that tokens and positions are looked up in',
      ),
    )
    .addOption(
      new CommandLineOption(
        '--leave-out-highest <n>',
        'leave out as many runs of the highest losses (default: 0)',
      ).argParser(parseNumber),
    )
    .addOption(
      new CommandLineOption(
        '--bootstrap <n>',
        'resamples of the runs, for 95 % intervals; 0: none (default: 1000)',
      ).argParser(parseNumber),
    )
    .addOption(
      new CommandLineOption('--seed <n>', 'of the resamples (default: 101)').argParser(parseNumber),
    )
    .addOption(
      new CommandLineOption(
        '--budget <flop>',
        'training FLOP to find the best sizes for, as 1e18,1e20 (default: five from the least of the runs to ten times the most)',
      ).argParser(budgets),
    )
    .addOption(
      new CommandLineOption(
        '--output <file>',
        'the page (default: scaling-laws.html, in the folder of a sweep)',
      ).argParser(notEmpty('the path of a file')),
    );
  addOutputFlags(command).action(
    async (
      sources: string[],
      { quiet, json, output: page, ...flags }: ScalingLawsFlags & OutputFlags,
    ) => {
      const { scalingLawsCommand } = await import('./scaling-laws.js');
      await scalingLawsCommand({ sources, page, ...flags, output: makeOutput({ quiet, json }) });
    },
  );
}

function column(flag: string, what: string): CommandLineOption {
  return new CommandLineOption(`${flag} <column>`, what).argParser(
    notEmpty('the name of a column'),
  );
}

/** Budgets that are looked at. */
const MOST_BUDGETS = 100;

function budgets(written: string): number[] {
  const numbers = written.split(',').map((one) => (one.trim() === '' ? NaN : Number(one)));
  const isRight = numbers.every((flop) => flop >= 1 && flop <= 1e100);
  if (isRight && numbers.length <= MOST_BUDGETS) return numbers.toSorted((a, b) => a - b);
  throw new InvalidArgumentError(
    `It must be up to ${MOST_BUDGETS} numbers from 1 to 1e100, with commas between them, such as 1e18,1e20.`,
  );
}
