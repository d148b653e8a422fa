import { type Command, Option } from 'commander';
import { latestRun } from '../../run-folder/latest-run.js';
import { LATEST, runDirOption, textOption, workersOption } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { workersSetting } from '../../terminal/sources.js';

interface EvaluateFlags extends OutputFlags {
  readonly runDir?: string;
  readonly data?: string;
  readonly all?: boolean;
  readonly workers?: unknown;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure a saved model')
    .description('Measures a saved model: loss, accuracy, perplexity, bits a character and a byte.')
    .addOption(runDirOption(`the run whose model is measured (default: ${LATEST})`))
    .addOption(
      textOption(
        "where the run's text is now, or another text, which is measured on all of its lines",
      ),
    )
    .addOption(new Option('--all', 'score all of a long text, not some of it, which may take long'))
    .addOption(workersOption());
  addOutputFlags(command).action(
    async ({ runDir, data, all = false, workers: written, ...flags }: EvaluateFlags) => {
      const workers = workersSetting(command, written);
      const output = makeOutput(flags);
      const { evaluateCommand } = await import('./evaluate.js');
      const options = { runDir: runDir ?? latestRun('model', output), data, all, workers, output };
      await evaluateCommand(options);
    },
  );
}
