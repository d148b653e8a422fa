import type { Command } from 'commander';
import { latestRun } from '../../run-folder/latest-run.js';
import { CommandLineOption, LATEST } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

interface ReportFlags extends OutputFlags {
  readonly output?: string;
}

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary('draw a run as a page, or compare several')
    .description('Draws the curves, samples and embedding of a run as a page, or compares several.')
    .argument('[folders...]', `folders of runs (default: ${LATEST})`)
    .addOption(
      new CommandLineOption(
        '--output <file>',
        "the page (default: report.html, one run's in its folder)",
      ),
    );
  addOutputFlags(command).action(
    async (named: string[], { output: path, ...flags }: ReportFlags) => {
      const output = makeOutput(flags);
      const folders = named.length > 0 ? named : [latestRun('metrics', output)];
      const { reportCommand } = await import('./report.js');
      await reportCommand({ folders, path, output });
    },
  );
}
