import { describeText, NextTokenDataset, splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { evaluate, NextTokenCounts } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { readConfigFile } from '../config-file.js';
import { describeEvaluation } from '../describe-evaluation.js';
import { loadModel } from '../model-file.js';
import { checkLines, prepareData } from '../prepare-data.js';
import { print } from '../print.js';
import { resolveSettings } from '../resolve-settings.js';
import { runFolder } from '../run-folder.js';

/** `llm101 evaluate`: a saved model on its run's validation names, or on every name of another text. */
export async function evaluateCommand(runDir: string, data?: string): Promise<void> {
  const run = runFolder(runDir);
  await startBackend();
  const { type, model, tokenizer, step } = loadModel(run.model);
  print(`${type} of ${run.path}, ${step} steps`);
  const { valSet, described } =
    data === undefined
      ? await validationOf(run.config)
      : await everyWindowOf(data, tokenizer, model.contextSize);
  print(described);
  const windows = new NextTokenCounts(valSet, tokenizer.vocabSize);
  print(describeEvaluation(await evaluate(model, windows)));
}

async function validationOf(config: string) {
  const file = { path: config, settings: readConfigFile(config) };
  const { loaded, valSet, val } = await prepareData(resolveSettings({ flags: {}, file }));
  const count = val.length.toLocaleString('en-US');
  return { valSet, described: `${describeText(loaded)}; the ${count} of the validation` };
}

async function everyWindowOf(
  data: string,
  tokenizer: Parameters<typeof checkLines>[2],
  contextSize: number,
) {
  const loaded = await loadText(data);
  const lines = splitLines(loaded.text);
  checkLines(loaded, lines, tokenizer);
  const valSet = new NextTokenDataset(lines, tokenizer, contextSize);
  return { valSet, described: `${describeText(loaded)}; all of it` };
}
