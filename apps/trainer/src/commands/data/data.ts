import {
  dataSets,
  describeAlphabet,
  describeDuplicates,
  describeText,
  duplicateReport,
  toyTasks,
} from '@llm101/data';
import { isStream, type SplitSettings, scoredCount, type TextPart, tokenCount } from '@llm101/runs';
import { loadAndSplit } from '../../run-folder/data.js';
import { firstExamples } from '../../run-folder/describe-data.js';
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
  const data = await loadAndSplit(settings, { config, output });
  const { loaded, tokenizer, train, val } = data;
  const duplicates =
    data.examples === 'lines' ? duplicateReport(data.train.tokens, data.val.tokens) : undefined;
  const examples = firstExamples(data, settings.contextSize, rows);
  const [training, validation] = [train, val].map(countsOf);
  output.answer(
    [
      describeText(loaded),
      `SHA-256     ${loaded.sha256}`,
      `symbols     ${tokenizer.vocabSize}: ${tokenizer.padding ?? ''}${describeAlphabet(tokenizer.alphabet)}`,
      `training    ${describeCounts(training)}`,
      `validation  ${describeCounts(validation)}`,
      ...(duplicates === undefined ? [] : [describeDuplicates(duplicates)]),
      ...examples,
    ],
    {
      data: loaded.name,
      characters: loaded.characters,
      sha256: loaded.sha256,
      padding: tokenizer.padding,
      alphabet: tokenizer.alphabet,
      examples: data.examples,
      training,
      validation,
      ...(duplicates && { duplicates }),
      preview: examples,
    },
  );
}

/** How large a part of a text is: its lines and the windows in them, or its tokens. */
type PartCounts =
  { readonly lines: number; readonly windows: number } | { readonly tokens: number };

function countsOf(part: TextPart): PartCounts {
  return isStream(part)
    ? { tokens: tokenCount(part) }
    : { lines: part.tokens.length, windows: scoredCount(part) };
}

const describeCounts = (part: PartCounts): string =>
  'tokens' in part
    ? `${count(part.tokens)} tokens`
    : `${count(part.lines)} lines, ${count(part.windows)} windows`;

/** `llm101 data --list`: the data sets that have names, and the sizes of toy tasks. */
export function listDataSets(output: Output): void {
  const sets = [...dataSets].map(([name, { about }]) => {
    const { sizes } = toyTasks.get(name) ?? {};
    if (sizes === undefined) return { name, about };
    const list = Object.entries(sizes).map(([size, { initial }]) => `${size}=${initial}`);
    return { name, about: `${about}; ${name}:${list.join(',')}` };
  });
  output.answer(
    formatTable(
      sets.map(({ name, about }) => [name, about]),
      'left',
    ),
    { dataSets: sets },
  );
}
