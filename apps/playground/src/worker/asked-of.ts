import { isStream, type PreparedData } from '@llm101/runs';

/** Questions that a run asks its model as it learns, at most. */
const MOST_ASKED = 10;

/** The first held-out lines with their answers, where lines have some: what samples are judged by. */
export function askedOf({
  examples,
  val,
  tokenizer,
}: Pick<PreparedData, 'examples' | 'val' | 'tokenizer'>): { readonly asked?: readonly string[] } {
  if (examples === 'blocks' || isStream(val) || val.tokens.answers === undefined) return {};
  const { tokens, starts, answers } = val.tokens;
  const asked = Array.from(answers.subarray(0, MOST_ASKED), (answer, line) => {
    const [question, right] = [
      tokens.subarray(starts[line] + 1, answer + 1),
      tokens.subarray(answer + 1, starts[line + 1]),
    ];
    return tokenizer.decode(question) + tokenizer.decode(right);
  });
  return { asked };
}
