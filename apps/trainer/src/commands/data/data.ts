import { dataSets, describeDuplicates, describeText, duplicateReport, preview } from '@llm101/data';
import { type DataSettings, prepareData } from '../../run/prepare-data.js';
import type { Output } from '../../terminal/output.js';

/** What {@link dataCommand} needs besides settings. */
export interface DataCommandOptions {
  /** Windows to show. */
  readonly rows: number;
  readonly output: Output;
}

/** `llm101 data`: what a text holds, how it is split, and its first windows. */
export async function dataCommand(
  settings: DataSettings,
  { rows, output }: DataCommandOptions,
): Promise<void> {
  const prepared = await prepareData(settings, { output });
  const { loaded, tokenizer, train, val, trainSet, valSet } = prepared;
  const duplicates = duplicateReport(train, val);
  const windows = preview(trainSet, tokenizer, rows);
  output.answer(
    [
      describeText(loaded),
      `SHA-256     ${loaded.sha256}`,
      `symbols     ${tokenizer.vocabSize}: ${tokenizer.padding}${tokenizer.alphabet}`,
      `training    ${amount(train.length)} names, ${amount(trainSet.length)} windows`,
      `validation  ${amount(val.length)} names, ${amount(valSet.length)} windows`,
      describeDuplicates(duplicates),
      ...windows,
    ],
    {
      data: loaded.name,
      characters: loaded.characters,
      sha256: loaded.sha256,
      padding: tokenizer.padding,
      alphabet: tokenizer.alphabet,
      training: { names: train.length, windows: trainSet.length },
      validation: { names: val.length, windows: valSet.length },
      duplicates,
      preview: windows,
    },
  );
}

/** `llm101 data --list`: the data sets that have names. */
export function listDataSets(output: Output): void {
  const sets = [...dataSets].map(([name, { about }]) => ({ name, about }));
  output.answer(
    sets.map(({ name, about }) => `${name.padEnd(16)}${about}`),
    sets,
  );
}

const amount = (n: number): string => n.toLocaleString('en-US');
