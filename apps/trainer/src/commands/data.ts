import { dataSets, describeDuplicates, describeText, duplicateReport, preview } from '@llm101/data';
import { type DataSettings, prepareData } from '../prepare-data.js';
import { print } from '../print.js';

/** `llm101 data`: what a text holds, how it is split, and its first windows. */
export async function dataCommand(settings: DataSettings, rows: number): Promise<void> {
  const { loaded, tokenizer, train, val, trainSet, valSet } = await prepareData(settings);
  print(
    describeText(loaded),
    `SHA-256     ${loaded.sha256}`,
    `symbols     ${tokenizer.vocabSize}: ${tokenizer.padding}${tokenizer.alphabet}`,
    `training    ${amount(train.length)} names, ${amount(trainSet.length)} windows`,
    `validation  ${amount(val.length)} names, ${amount(valSet.length)} windows`,
    describeDuplicates(duplicateReport(train, val)),
    ...preview(trainSet, tokenizer, rows),
  );
}

/** `llm101 data --list`: the data sets that have names. */
export function listDataSets(): void {
  for (const [name, { about }] of dataSets) print(`${name.padEnd(16)}${about}`);
}

const amount = (n: number): string => n.toLocaleString('en-US');
