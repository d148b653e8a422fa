import { type CharTokenizer, describeText, NextTokenDataset, splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { evaluate, NextTokenCounts } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { checkLines } from '../check-lines.js';
import { checkWindows } from '../check-windows.js';
import { describeEvaluation } from '../describe-evaluation.js';
import { loadModel } from '../model-file.js';
import { print } from '../print.js';
import { runFolder } from '../run-folder.js';
import { tellFetch } from '../tell-fetch.js';
import { validationOf } from '../validation-of.js';

/** `llm101 evaluate`: a saved model on its run's validation names, or on every name of another text. */
export async function evaluateCommand(runDir: string, data?: string): Promise<void> {
  const run = runFolder(runDir);
  await startBackend();
  const saved = loadModel(run.model);
  const { type, model, tokenizer, step } = saved;
  print(`${type} of ${run.path}, ${step} steps`);
  const { valSet, described } =
    data === undefined
      ? await validationOf(run, saved)
      : await everyWindowOf(data, tokenizer, model.contextSize);
  print(described);
  const windows = new NextTokenCounts(valSet, tokenizer.vocabSize);
  print(describeEvaluation(await evaluate(model, windows)));
}

async function everyWindowOf(data: string, tokenizer: CharTokenizer, contextSize: number) {
  const loaded = await loadText(data, { onFetch: tellFetch });
  const lines = splitLines(loaded.text);
  const remedy = 'take it out, or train a model on a text that has it';
  checkLines({ loaded, lines, tokenizer, remedy });
  checkWindows({ lines, contextSize, remedy: 'take fewer lines' });
  const valSet = new NextTokenDataset(lines, tokenizer, contextSize);
  return { valSet, described: `${describeText(loaded)}; all of it` };
}
