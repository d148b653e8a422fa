import { type Command, Option } from 'commander';
import { notEmpty, runDirOption } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

interface EvaluateFlags extends OutputFlags {
  readonly runDir: string;
  readonly data?: string;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure a saved model')
    .description('Measures a saved model: loss, accuracy, perplexity, bits a character.')
    .addOption(runDirOption('the run whose model is measured').makeOptionMandatory())
    .addOption(
      new Option(
        '--data <path|name>',
        "another text, all of it, instead of the run's validation names",
      ).argParser(notEmpty('the name of a data set, a path or a URL')),
    );
  addOutputFlags(command).action(async ({ runDir, data, ...flags }: EvaluateFlags) => {
    const { evaluateCommand } = await import('./evaluate.js');
    await evaluateCommand({ runDir, data, output: makeOutput(flags) });
  });
}
