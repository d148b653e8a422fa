import type { TextTokenizer, TokenLines } from '@llm101/data';
import { type LanguageModel, nextTokenScores } from '@llm101/models';
import type { NextTokenScores, NextTokenScoresOptions } from '@llm101/models';

/** What {@link sampleAnswers} draws. */
export interface SampleAnswersOptions {
  /** Lines that have answers; the first of them are asked. */
  readonly lines: TokenLines;
  readonly tokenizer: TextTokenizer;
  readonly count: number;
  /** Tokens of an answer at most. */
  readonly maxLength: number;
  /** The model's scores, where they are used again; default: made for this call. */
  readonly scores?: NextTokenScores | undefined;
  readonly compile?: NextTokenScoresOptions['compile'];
}

/**
 * The first questions of some lines with a model's answers, the likeliest token one after the other: `cab=abc`, and where an answer is
 * wrong `cab=acb, not abc`.
 */
export function sampleAnswers(
  model: LanguageModel,
  { lines, tokenizer, count, maxLength, compile, ...options }: SampleAnswersOptions,
): string[] {
  const { tokens, starts, paddingIndex } = lines;
  const firsts = lines.answers ?? starts.subarray(0, lines.length);
  const asked = Array.from(firsts.subarray(0, count), (first, line) => ({
    question: Array.from(tokens.subarray(starts[line] + 1, first + 1)),
    right: tokenizer.decode(tokens.subarray(first + 1, starts[line + 1])),
  }));
  const contexts = asked.map(({ question }) => [...question]);
  const rows = Math.min(count, model.streamRows ?? count);
  const scores = options.scores ?? nextTokenScores(model, { rows, compile });
  try {
    for (let from = 0; from < asked.length; from += scores.rows) {
      const some = contexts.slice(from, from + scores.rows);
      complete(some, scores, { end: paddingIndex, maxLength });
    }
  } finally {
    if (scores !== options.scores) scores.dispose();
  }
  return asked.map(({ question, right }, i) => {
    const answer = tokenizer.decode(contexts[i].slice(question.length));
    return `${tokenizer.decode(question)}${answer}${answer === right ? '' : `, not ${right}`}`;
  });
}

/** Adds the likeliest token to each context until its end, or until it has as many tokens. */
function complete(
  contexts: readonly number[][],
  scores: NextTokenScores,
  { end, maxLength }: { readonly end: number; readonly maxLength: number },
): void {
  const growing: (number[] | undefined)[] = [...contexts];
  for (let added = 0; added < maxLength && growing.some((context) => context); added++) {
    const found = scores.read(growing);
    const V = found.length / scores.rows;
    for (const [row, context] of growing.entries()) {
      if (context === undefined) continue;
      const own = found.subarray(row * V, (row + 1) * V);
      const next = own.indexOf(own.reduce((most, score) => Math.max(most, score), -Infinity));
      if (next === end || next === -1) growing[row] = undefined;
      else context.push(next);
    }
  }
}
