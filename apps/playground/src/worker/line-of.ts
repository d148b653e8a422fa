import { isStream, type PreparedData } from '@llm101/runs';
import { FIRST_LINE } from '../looks.js';

/** Characters of a line that is taken of a text, and the tokens that are looked through for it. */
const [MOST_CHARACTERS, MOST_TOKENS] = [32, 1000];

/** A line to look at that the model of these data can read: the page's own, or where it has other characters the text's first. */
export function lineOf(data: Pick<PreparedData, 'train' | 'tokenizer'>): string {
  if (data.tokenizer.firstUnknown(FIRST_LINE) === undefined) return FIRST_LINE;
  const line = beginningOf(data)
    .split('\n')
    .find((one) => one.trim() !== '');
  return Array.from(line ?? '')
    .slice(0, MOST_CHARACTERS)
    .join('');
}

function beginningOf({ train, tokenizer }: Pick<PreparedData, 'train' | 'tokenizer'>): string {
  if (isStream(train)) {
    const tokens = new Int32Array(Math.min(train.tokens.length, MOST_TOKENS));
    train.tokens.copy(0, tokens.length, tokens, 0);
    return tokenizer.decode(tokens);
  }
  const { tokens, starts } = train.tokens;
  return tokenizer.decode(tokens.subarray(starts[0] + 1, Math.min(starts[1], MOST_TOKENS)));
}
