import { describeText, splitLines } from '@llm101/data';
import { checkLines } from '@llm101/runs';
import { count, type Output } from '../../terminal/output.js';
import { dataOfRun, loadData } from '../../run-folder/data.js';
import { evaluateSaved, type ModelOfRun, openModelOfRun } from '../../run-folder/model-file.js';
import { runFolder } from '../../run-folder/run-folder.js';
import { describeEvaluation } from '../../terminal/evaluation.js';

/** What {@link evaluateCommand} needs. */
export interface EvaluateCommandOptions {
  readonly runDir: string;
  /** Another text, instead of the run's validation lines. */
  readonly data?: string | undefined;
  readonly output: Output;
}

/** `llm101 evaluate`: a saved model on its run's validation lines, or on every line of another text. */
export async function evaluateCommand(options: EvaluateCommandOptions): Promise<void> {
  const { runDir, data, output } = options;
  const saved = await openModelOfRun(runDir);
  const { config, model, step } = saved;
  output.print(`${config.type} of ${runDir}, ${step} steps`);
  const { lines, name, described } =
    data === undefined
      ? await validationOf(runDir, saved, output)
      : await everyLineOf(data, saved, output);
  output.print(described);
  const evaluation = await evaluateSaved(saved, lines, output);
  output.answer(describeEvaluation(evaluation), {
    runDir,
    model: config.type,
    step,
    data: name,
    ...evaluation,
  });
  model.dispose();
}

async function validationOf(runDir: string, saved: ModelOfRun, output: Output) {
  const run = runFolder(runDir);
  const remedy = `measure the model on a text of your own with --data, or take ${run.config} from a copy`;
  const { loaded, val } = await dataOfRun(run, saved, { output, remedy });
  return {
    lines: val.tokens,
    name: loaded.name,
    described: `${describeText(loaded)}; its ${count(val.lines.length)} validation lines`,
  };
}

async function everyLineOf(data: string, { tokenizer }: ModelOfRun, output: Output) {
  const loaded = await loadData(data, { output });
  const lines = splitLines(loaded.text);
  const remedy = 'take it out, or train a model on a text that has it';
  checkLines(loaded, { lines, tokenizer, remedy });
  return { lines, name: loaded.name, described: `${describeText(loaded)}; all of it` };
}
