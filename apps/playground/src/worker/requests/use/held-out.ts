import { isStream, type Run } from '@llm101/runs';
import type { UseRequests } from '../../../use-requests.js';
import type { Answer } from '../handler.js';
import { begunRun } from './begun-run.js';

/** Tokens of it that are taken: about a hundred lines of prose. */
const MOST_TOKENS = 8000;

/** What the run holds out, from its beginning: lines, or a stretch of one text. */
export function heldOut(
  _: UseRequests['heldOut']['input'],
  run: Run | undefined,
): Answer<UseRequests['heldOut']['output']> {
  const { val, tokenizer } = begunRun(run).data;
  if (isStream(val)) {
    const tokens = new Int32Array(Math.min(val.tokens.length, MOST_TOKENS));
    val.tokens.copy(0, tokens.length, tokens, 0);
    return { output: { text: tokenizer.decode(tokens) } };
  }
  const { tokens, starts, length } = val.tokens;
  let text = '';
  for (let i = 0; i < length && starts[i + 1] <= MOST_TOKENS; i++) {
    text += `${tokenizer.decode(tokens.subarray(starts[i] + 1, starts[i + 1]))}\n`;
  }
  return { output: { text } };
}
