import type { Command } from 'commander';
import { latestRun } from '../../run-folder/latest-run.js';
import { LATEST, runDirOption, textOption } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

interface EvaluateFlags extends OutputFlags {
  readonly runDir?: string;
  readonly data?: string;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure a saved model')
    .description('Measures a saved model: loss, accuracy, perplexity, bits a character.')
    .addOption(runDirOption(`the run whose model is measured (default: ${LATEST})`))
    .addOption(
      textOption(
        "where the run's text is now, or another text, which is measured on all of its lines",
      ),
    );
  addOutputFlags(command).action(async ({ runDir, data, ...flags }: EvaluateFlags) => {
    const output = makeOutput(flags);
    const { evaluateCommand } = await import('./evaluate.js');
    await evaluateCommand({ runDir: runDir ?? latestRun('model', output), data, output });
  });
}
