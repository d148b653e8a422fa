import { describeText, NextTokenDataset, splitLines } from '@llm101/data';
import { checkLines } from '@llm101/runs';
import { NextTokenCounts } from '@llm101/training';
import { count, type Output } from '../../terminal/output.js';
import { dataOfRun, loadData } from '../../run-folder/data.js';
import { compilePlain, type ModelOfRun, openModelOfRun } from '../../run-folder/model-file.js';
import { runFolder } from '../../run-folder/run-folder.js';
import { describeEvaluation, evaluateWithProgress } from '../../terminal/evaluation.js';

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
  const { config, model, tokenizer, step } = saved;
  output.print(`${config.type} of ${runDir}, ${step} steps`);
  const { windows, name, described } =
    data === undefined
      ? await validationOf(runDir, saved, output)
      : await everyWindowOf(data, saved, output);
  output.print(described);
  const counts = new NextTokenCounts(windows, tokenizer.vocabSize);
  const evaluation = await evaluateWithProgress(model, counts, { output, compile: compilePlain });
  output.answer([describeEvaluation(evaluation)], {
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
    windows: new NextTokenDataset(val.tokens, saved.tokenizer, saved.model.contextSize),
    name: loaded.name,
    described: `${describeText(loaded)}; its ${count(val.lines.length)} validation lines`,
  };
}

async function everyWindowOf(data: string, { tokenizer, model }: ModelOfRun, output: Output) {
  const loaded = await loadData(data, { output });
  const lines = splitLines(loaded.text);
  const remedy = 'take it out, or train a model on a text that has it';
  checkLines(loaded, { lines, tokenizer, remedy });
  return {
    windows: new NextTokenDataset(lines, tokenizer, model.contextSize),
    name: loaded.name,
    described: `${describeText(loaded)}; all of it`,
  };
}
