import { type CharTokenizer, describeText, NextTokenDataset, splitLines } from '@llm101/data';
import { NextTokenCounts } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { checkLines } from '../../run/check-lines.js';
import { describeEvaluation } from './describe-evaluation.js';
import { evaluateWithProgress } from './evaluate-with-progress.js';
import { loadModel } from '../../run-folder/model-file.js';
import { loadData } from '../../run-folder/load-data.js';
import { compilePlain } from '../../run/compile-plain.js';
import type { Output } from '../../terminal/output.js';
import { runFolder } from '../../run-folder/run-folder.js';
import { validationOf } from '../../run-folder/validation-of.js';

/** What {@link evaluateCommand} needs. */
export interface EvaluateCommandOptions {
  readonly runDir: string;
  /** Another text, in place of the run's validation names. */
  readonly data?: string | undefined;
  readonly output: Output;
}

/** `llm101 evaluate`: a saved model on its run's validation names, or on every name of another text. */
export async function evaluateCommand(options: EvaluateCommandOptions): Promise<void> {
  const { runDir, data, output } = options;
  const run = runFolder(runDir);
  await startBackend();
  const saved = loadModel(run.model);
  const { type, model, tokenizer, step } = saved;
  output.print(`${type} of ${run.path}, ${step} steps`);
  const remedy = `measure the model on a text of your own with --data, or take ${run.config} from a copy`;
  const { valSet, name, described } =
    data === undefined
      ? await validationOf(run, saved, { output, remedy })
      : await everyWindowOf({ data, tokenizer, contextSize: model.contextSize, output });
  output.print(described);
  const windows = new NextTokenCounts(valSet, tokenizer.vocabSize);
  const evaluation = await evaluateWithProgress(model, windows, {
    output,
    compile: compilePlain,
  });
  output.answer([describeEvaluation(evaluation)], {
    runDir: run.path,
    model: type,
    step,
    data: name,
    ...evaluation,
  });
}

/** A text, and the model's way to read it. */
interface OtherText {
  readonly data: string;
  readonly tokenizer: CharTokenizer;
  readonly contextSize: number;
  readonly output: Output;
}

async function everyWindowOf({ data, tokenizer, contextSize, output }: OtherText) {
  const loaded = await loadData(data, { output });
  const lines = splitLines(loaded.text);
  const remedy = 'take it out, or train a model on a text that has it';
  checkLines({ loaded, lines, tokenizer, remedy });
  const valSet = new NextTokenDataset(lines, tokenizer, contextSize);
  return { valSet, name: loaded.name, described: `${describeText(loaded)}; all of it` };
}
