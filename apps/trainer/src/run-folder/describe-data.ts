import {
  BlockDataset,
  describeDuplicates,
  duplicateReport,
  NextTokenDataset,
  preview,
} from '@llm101/data';
import {
  checkBlock,
  type LineData,
  type PreparedData,
  type TextPart,
  UserError,
} from '@llm101/runs';
import { count } from '../terminal/output.js';

/** How much of a text is learned from, and how much held out: `28,829 lines to learn from, 3,204 held out`. */
export function describeParts({ train, val, examples }: PreparedData): string {
  const what = examples === 'lines' ? 'lines' : 'tokens';
  return `${count(sizeOfPart(train))} ${what} to learn from, ${count(sizeOfPart(val))} held out`;
}

/** Lines of a part, or tokens of one that is a stream. */
export const sizeOfPart = ({ tokens }: TextPart): number => tokens.length;

/** How often the validation lines occur in training; a stream is split, and has none. */
export function describeRepeated(data: PreparedData): string[] {
  if (data.examples === 'blocks') return [];
  return [describeDuplicates(duplicateReport(data.train.tokens, data.val.tokens))];
}

/** The first examples of a text, one a line: windows of its lines, or blocks. */
export function firstExamples(data: PreparedData, contextSize: number, rows: number): string[] {
  const { tokenizer } = data;
  if (data.examples === 'lines') {
    return preview(
      new NextTokenDataset(data.train.tokens, tokenizer, contextSize),
      tokenizer,
      rows,
    );
  }
  const { tokens } = data.train;
  checkBlock(`${data.loaded.name}: the part to learn from`, tokens, contextSize);
  const blocks = new BlockDataset(tokens, { contextSize, stride: contextSize, targets: 'last' });
  return preview(blocks, tokenizer, rows);
}

/** @throws UserError where the text is one stream, saying what for lines are needed */
export function asLines(data: PreparedData, why: string): LineData {
  if (data.examples === 'lines') return data;
  throw new UserError(
    `${why}; ${data.loaded.name} is one stream, by --examples blocks; name a text or a run of lines`,
  );
}
