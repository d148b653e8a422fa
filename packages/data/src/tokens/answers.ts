import { DataError, excerpt } from '../errors.js';
import { paddingOf, type TokenLines } from './token-lines.js';
import type { TextTokenizer, Tokenizer } from './tokenizer.js';

/**
 * Lines that are a question, a mark and an answer: of them only the answer is learned and scored, what stands after the first mark, and the
 * line's end. Where a token goes on behind the mark, the answer begins with that token.
 *
 * @param tokenizer - that the lines were encoded by
 * @param mark - one character or more
 * @returns the same lines, with their answers
 * @throws RangeError when the mark is empty
 * @throws TypeError unless the tokenizer is a `TextTokenizer`
 * @throws DataError when a line lacks the mark
 */
export function answersAfter(
  lines: TokenLines,
  tokenizer: Tokenizer,
  mark: string,
): TokenLines & Required<Pick<TokenLines, 'answers'>> {
  if (mark === '') throw new RangeError('answersAfter: mark must have a character; got none');
  if (!isOfText(tokenizer)) {
    throw new TypeError(
      'answersAfter: the tokenizer must say which bytes a token is, by bytesOf and firstUnknown; got one that does not',
    );
  }
  paddingOf(tokenizer, 'answersAfter');
  const unknown = tokenizer.firstUnknown(mark);
  const bytes = unknown === undefined ? bytesOf(tokenizer, mark) : undefined;
  const { length, tokens, starts } = lines;
  const table = Array.from({ length: tokenizer.vocabSize }, (_, token) => tokenizer.bytesOf(token));
  const answers = new Int32Array(length);
  for (let line = 0; line < length; line++) {
    const [first, end] = [starts[line] + 1, starts[line + 1]];
    const own = tokens.subarray(first, end);
    const at = bytes && endOf(bytes, own, table);
    if (at === undefined) {
      throw new DataError(
        `every line must have ${excerpt(mark)}, which its answer stands after; got ${excerpt(tokenizer.decode(own))}; ` +
          'give it one, or learn whole lines',
      );
    }
    answers[line] = first + at - 1;
  }
  return { ...lines, answers };
}

const isOfText = (tokenizer: Tokenizer): tokenizer is TextTokenizer =>
  'bytesOf' in tokenizer && 'firstUnknown' in tokenizer;

/** How many positions count: those of answers where lines have some, else all. */
export function countedPositions({ positions, starts, answers }: TokenLines): number {
  if (answers === undefined) return positions;
  return answers.reduce((sum, first, line) => sum + starts[line + 1] - first, 0);
}

/** The bytes of a text as the tokenizer has it, composed where it composes. */
const bytesOf = (tokenizer: TextTokenizer, text: string): readonly number[] =>
  Array.from(tokenizer.encode(text)).flatMap((token) => Array.from(tokenizer.bytesOf(token)));

/** The first token that has a byte behind a mark, by Knuth, Morris and Pratt; nothing where there is no mark. */
function endOf(
  mark: readonly number[],
  tokens: ArrayLike<number>,
  table: readonly Uint8Array[],
): number | undefined {
  const back = borders(mark);
  let matched = 0;
  for (let at = 0; at < tokens.length; at++) {
    const own = table[tokens[at]];
    for (let i = 0; i < own.length; i++) {
      while (matched > 0 && own[i] !== mark[matched]) matched = back[matched - 1];
      if (own[i] === mark[matched]) matched++;
      if (matched === mark.length) return i + 1 < own.length ? at : at + 1;
    }
  }
  return undefined;
}

/** How long the longest end of each beginning is that is a beginning too. */
function borders(mark: readonly number[]): readonly number[] {
  const lengths = [0];
  for (let i = 1; i < mark.length; i++) {
    let length = lengths[i - 1];
    while (length > 0 && mark[i] !== mark[length]) length = lengths[length - 1];
    lengths.push(mark[i] === mark[length] ? length + 1 : 0);
  }
  return lengths;
}
