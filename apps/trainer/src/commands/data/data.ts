import {
  dataSets,
  describeAlphabet,
  describeDuplicates,
  describeText,
  duplicateReport,
  NextTokenDataset,
  preview,
} from '@llm101/data';
import type { SplitSettings } from '@llm101/runs';
import { loadAndSplit } from '../../run-folder/data.js';
import { count, formatTable, type Output } from '../../terminal/output.js';

/** What {@link dataCommand} needs besides settings. */
export interface DataCommandOptions {
  /** Windows to show. */
  readonly rows: number;
  /** The file that names the text, where one does. */
  readonly config?: string | undefined;
  readonly output: Output;
}

/** `llm101 data`: what a text holds, how it is split, and its first windows. */
export async function dataCommand(
  settings: SplitSettings & { readonly contextSize: number },
  { rows, config, output }: DataCommandOptions,
): Promise<void> {
  const { loaded, tokenizer, train, val } = await loadAndSplit(settings, { config, output });
  const duplicates = duplicateReport(train.lines, val.lines);
  const dataset = new NextTokenDataset(train.tokens, tokenizer, settings.contextSize);
  const windows = preview(dataset, tokenizer, rows);
  const [training, validation] = [train, val].map(({ lines, tokens }) => ({
    lines: lines.length,
    windows: tokens.positions,
  }));
  output.answer(
    [
      describeText(loaded),
      `SHA-256     ${loaded.sha256}`,
      `symbols     ${tokenizer.vocabSize}: ${tokenizer.padding ?? ''}${describeAlphabet(tokenizer.alphabet)}`,
      `training    ${count(training.lines)} lines, ${count(training.windows)} windows`,
      `validation  ${count(validation.lines)} lines, ${count(validation.windows)} windows`,
      describeDuplicates(duplicates),
      ...windows,
    ],
    {
      data: loaded.name,
      characters: loaded.characters,
      sha256: loaded.sha256,
      padding: tokenizer.padding,
      alphabet: tokenizer.alphabet,
      training,
      validation,
      duplicates,
      preview: windows,
    },
  );
}

/** `llm101 data --list`: the data sets that have names. */
export function listDataSets(output: Output): void {
  const sets = [...dataSets].map(([name, { about }]) => ({ name, about }));
  output.answer(
    formatTable(
      sets.map(({ name, about }) => [name, about]),
      'left',
    ),
    { dataSets: sets },
  );
}
