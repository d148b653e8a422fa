import { writeTokens } from '@llm101/data';
import { type DrawnToken, drawTokens } from '@llm101/models';
import type { NextTokenScores, ProbabilityOptions } from '@llm101/models';
import type { Generator as RandomGenerator } from '@llm101/random';
import { type SampledModel, samplePrompt, UserError } from '@llm101/runs';
import { encodePrompt } from './encode-prompt.js';
import { cut, type Ending, endingOf, TextUpToEnd } from './ending.js';
import { plainScores, type UseOptions } from './plain-scores.js';

/** Which texts {@link planTexts} plans. */
export interface TextSettings extends ProbabilityOptions {
  /** How each begins. Default: with nothing, as a line or a text begins. */
  readonly prompt?: string | undefined;
  /** The flag that the prompt was written with, which an error names. Default: `--prompt`. */
  readonly promptFlag?: string | undefined;
  /** Tokens after which a line, its prompt included, or a text, its prompt not counted, is cut off. Default: 100 and 500. */
  readonly maxLength?: number | undefined;
  /** What ends each: a text that isn't part of it, or `none`. Default: the end of a line; of a text nothing. */
  readonly end?: string | undefined;
}

/** Texts that are to be drawn: a model and what it begins with and ends by. */
export interface TextPlan {
  readonly saved: SampledModel;
  readonly probabilities: ProbabilityOptions;
  /** Tokens that the model sees first. */
  readonly begin: readonly number[];
  /** How many of them aren't part of the text. */
  readonly hidden: number;
  /** How each text begins: the prompt as the model reads it. */
  readonly prompt: string;
  readonly endToken: number | 'none';
  readonly ending: Ending;
  /** Tokens of a text at most, those that it begins with included. */
  readonly maxLength: number;
}

/**
 * What `llm101 sample` is going to draw, checked.
 *
 * @throws UserError when the prompt has a character that the model doesn't know, or a line couldn't be longer than its prompt
 */
export function planTexts(saved: SampledModel, settings: TextSettings = {}): TextPlan {
  const { tokenizer, examples } = saved;
  const { prompt = '', promptFlag, temperature, topK, topP, end } = settings;
  const isByLine = examples === 'lines';
  const { maxLength = isByLine ? 100 : 500 } = settings;
  const own = encodePrompt(prompt, tokenizer, promptFlag);
  const { prompt: begin, hidden, endToken } = samplePrompt(saved, own);
  if (isByLine && begin.length >= maxLength) {
    throw new UserError(
      `--max-length must be above the ${begin.length} tokens of the prompt, which are part of a line; got ${maxLength}; raise it`,
    );
  }
  const ending = endingOf(end, saved);
  return {
    saved,
    probabilities: {
      topK,
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
    },
    begin,
    hidden,
    prompt: tokenizer.decode(begin.slice(hidden)),
    endToken: ending.token ?? endToken,
    ending,
    maxLength: isByLine ? maxLength : maxLength + begin.length,
  };
}

/** How planned texts are drawn. */
export interface DrawOptions extends UseOptions {
  /** Draws the seed of each text. */
  readonly generator: RandomGenerator;
  /** The model's scores, where they are used again. Default: made for this call. */
  readonly scores?: NextTokenScores | undefined;
}

/** How {@link drawTexts} draws. */
export interface DrawTextsOptions extends DrawOptions {
  readonly count: number;
}

/** A text that was drawn. */
export interface DrawnText {
  /** With its prompt, without its end. */
  readonly text: string;
  /** The tokens that were drawn, as they are written: a byte that is no character by itself as `<0xE2>`; the end token is one. */
  readonly tokens: readonly string[];
  /** The logarithm of the probability that the model gave each of them, in nats. */
  readonly logProbabilities: readonly number[];
}

/**
 * Draws some texts at once. Text i depends on the generator and on i alone.
 *
 * @throws RangeError when the model gives NaN
 */
export function drawTexts(plan: TextPlan, { count, ...options }: DrawTextsOptions): DrawnText[] {
  const { tokenizer } = plan.saved;
  const texts = Array.from({ length: count }, () => ({
    all: [...plan.begin],
    tokens: [] as string[],
    logProbabilities: [] as number[],
  }));
  for (const { sequence, token, logProbability } of draws(plan, count, options)) {
    const text = texts[sequence];
    if (token !== plan.endToken) text.all.push(token);
    text.tokens.push(writeTokens([token], tokenizer)[0]);
    text.logProbabilities.push(logProbability);
  }
  return texts.map(({ all, tokens, logProbabilities }) => ({
    text: cut(tokenizer.decode(all.slice(plan.hidden)), plan.ending, plan.prompt.length),
    tokens,
    logProbabilities,
  }));
}

/** A part of a text that is being drawn. */
export interface DrawnPart {
  /** What may be shown now; empty while a character isn't whole, or may belong to what ends the text. */
  readonly text: string;
  /** The token that was drawn, and how it is written; undefined for what comes after the last one. */
  readonly drawn: (Omit<DrawnToken, 'sequence'> & { readonly written: string }) | undefined;
}

/**
 * Draws one text, token by token; its prompt isn't among the parts. Whoever has enough ends the loop, and may do something else between two parts.
 *
 * @throws RangeError when the model gives NaN
 */
export function* drawText(plan: TextPlan, options: DrawOptions): Generator<DrawnPart, void, void> {
  const { tokenizer } = plan.saved;
  const upToEnd = new TextUpToEnd(plan.ending);
  const decoder = tokenizer.decoder();
  for (const { sequence: _, ...drawn } of draws(plan, 1, options)) {
    const { token } = drawn;
    const [written] = writeTokens([token], tokenizer);
    const decoded = token === plan.endToken ? '' : decoder.push([token]);
    const { text, hasEnded } = upToEnd.push(decoded);
    yield { text, drawn: { ...drawn, written } };
    if (hasEnded) return;
  }
  const { text, hasEnded } = upToEnd.push(decoder.end());
  const last = hasEnded ? text : text + upToEnd.rest();
  if (last !== '') yield { text: last, drawn: undefined };
}

/** The tokens of texts, as they are drawn. */
function* draws(
  { saved: { model }, begin, endToken, probabilities, maxLength }: TextPlan,
  count: number,
  { generator, scores: given, compile }: DrawOptions,
): Generator<DrawnToken, void, void> {
  const rows = Math.min(count, MOST_ROWS, model.streamRows ?? MOST_ROWS);
  const scores = given ?? plainScores(model, { rows, compile });
  try {
    yield* drawTokens(model, {
      count,
      generator,
      prompt: begin,
      endToken,
      ...probabilities,
      maxLength,
      scores,
    });
  } finally {
    if (scores !== given) scores.dispose();
  }
}

/** Texts that are drawn side by side at most. */
const MOST_ROWS = 256;
