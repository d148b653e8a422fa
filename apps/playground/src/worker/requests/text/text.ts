import { duplicateReport, type TextTokenizer, type TokenSource, writeTokens } from '@llm101/data';
import { type Run, tokenCount, UserError } from '@llm101/runs';
import type { ShownToken, TextLook } from '../../../text-requests.js';
import type { Handler } from '../handler.js';

/** Lines that are shown, and tokens of each. */
const MOST_LINES = 12;
const MOST_OF_LINE = 80;

/** Tokens that are shown of a vocabulary. */
const MOST_TOKENS = 256;

/** Tokens that are counted, and lines that are compared: the run waits meanwhile. */
const MOST_COUNTED = 4_000_000;
const MOST_COMPARED = 200_000;

/** The text of a run: its first lines, its tokens, its parts. */
export const text: Handler<'text'> = (_, run) => {
  if (run === undefined) throw new UserError('the run loads; its text is not there yet');
  const { data } = run;
  const { tokenizer, tokens, examples } = data;
  const counted = Math.min(tokens.length, MOST_COUNTED);
  const isLines = examples === 'lines';
  const lineCount = (part: 'train' | 'val'): number | undefined =>
    isLines ? data[part].tokens.length : undefined;
  return {
    output: {
      examples,
      lines: firstLines(tokens, tokenizer),
      vocabSize: tokenizer.vocabSize,
      vocabulary: mostFrequent(tokens, counted, tokenizer),
      counted,
      tokens: tokens.length,
      train: { tokens: tokenCount(data.train), lines: lineCount('train') },
      val: { tokens: tokenCount(data.val), lines: lineCount('val') },
      duplicates: duplicatesOf(data),
    },
  };
};

function firstLines(tokens: TokenSource, tokenizer: TextTokenizer): ShownToken[][] {
  const read = new Int32Array(Math.min(tokens.length, MOST_LINES * MOST_OF_LINE));
  tokens.copy(0, read.length, read, 0);
  const written = writeTokens(read, tokenizer);
  const lines: ShownToken[][] = [];
  let line: ShownToken[] = [];
  const end = (): void => {
    if (line.length > 0) lines.push(line.slice(0, MOST_OF_LINE));
    line = [];
  };
  for (const [i, id] of read.entries()) {
    // lines are examples: each begins with padding; in a stream each ends with its line break
    if (id === tokenizer.paddingIndex) end();
    line.push({ id, text: written[i] });
    if (written[i].endsWith('\n')) end();
  }
  end();
  const last = lines.at(-1)?.at(-1);
  if (lines.length > 1 && last?.id === tokenizer.paddingIndex) lines.pop();
  return lines.slice(0, MOST_LINES);
}

function mostFrequent(
  tokens: TokenSource,
  counted: number,
  tokenizer: TextTokenizer,
): TextLook['vocabulary'] {
  const counts = new Float64Array(tokenizer.vocabSize);
  const some = new Int32Array(Math.min(counted, 65_536));
  for (let from = 0; from < counted; from += some.length) {
    const count = Math.min(some.length, counted - from);
    tokens.copy(from, count, some, 0);
    for (let i = 0; i < count; i++) counts[some[i]] += 1;
  }
  const ids = Array.from(counts.keys())
    .toSorted((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, MOST_TOKENS);
  const written = writeTokens(ids, tokenizer);
  return ids.map((id, i) => ({ id, text: written[i], count: counts[id] }));
}

function duplicatesOf(data: Run['data']): TextLook['duplicates'] {
  if (data.examples === 'blocks') return undefined;
  const [train, val] = [data.train.tokens, data.val.tokens];
  if (train.length + val.length > MOST_COMPARED) return undefined;
  const { lines, distinct, testLines, testLinesInTrain } = duplicateReport(train, val);
  return { lines, distinct, heldOut: testLines, heldOutInTrain: testLinesInTrain };
}
