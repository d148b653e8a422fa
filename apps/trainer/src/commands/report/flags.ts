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
    .summary('draw a run as a page, or compare many')
    .description(
      'Draws the curves, samples, histograms and embedding of a run as a page, or compares many: those that are named, those in a folder, or the trials of a sweep.',
    )
    .argument(
      '[folders...]',
      `folders of runs, or of folders of runs, or sweeps (default: ${LATEST})`,
    )
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
