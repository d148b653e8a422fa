import { Generator as RandomGenerator, randomInt64 } from '@llm101/random';
import { checkSizes } from '../checks.js';
import type { LanguageModel } from '../language-model.js';
import { nextTokenScores, type Compile, type NextTokenScores } from './next-token-scores.js';
import {
  checkProbabilities,
  draw,
  logProbability as logProbabilityOf,
  narrow,
  softmax,
  type ProbabilityOptions,
} from './probabilities.js';

/** What {@link sample} draws. */
export interface SampleOptions extends ProbabilityOptions {
  /** How many sequences; default: one. */
  readonly count?: number;
  /** Draws the seed of each sequence. */
  readonly generator: RandomGenerator;
  /**
   * Tokens that each sequence starts with; default: none. A model that sees contexts as they are then begins with the end token,
   * or with token 0 where nothing ends a sequence; one that fills them up always begins with token 0.
   */
  readonly prompt?: ArrayLike<number>;
  /** The token that ends a sequence; `'none'` where no token does, so that each has `maxLength`. Default: 0. */
  readonly endToken?: number | 'none';
  /** How many tokens a sequence has at most, the prompt included; default: 100. */
  readonly maxLength?: number;
  /** How the model is run: `compile` of `@llm101/wasm`; default: every operation by itself. */
  readonly compile?: Compile | undefined;
  /** The model's scores, where they are used again; default: made for this call. */
  readonly scores?: NextTokenScores | undefined;
  /** Called with each token as it is drawn; tokens of several sequences alternate. */
  readonly onToken?: ((drawn: DrawnToken) => void) | undefined;
}

/** A token that {@link sample} or {@link drawTokens} has drawn. */
export interface DrawnToken {
  /** The index of its sequence. */
  readonly sequence: number;
  /** The token; the end token where the sequence ends by it. */
  readonly token: number;
  /** The logarithm of the probability that the model gives it, in nats, whatever temperature, topK and topP made of that. */
  readonly logProbability: number;
  /** `[V]` the probabilities that it was drawn by, as temperature, topK and topP made them. */
  readonly probabilities: Float64Array;
  /** The random number in [0, 1) that chose it: the token whose part of the probabilities, one after the other, holds it. */
  readonly u: number;
}

/** Sequences that are drawn at once; more need more memory and gain nothing. */
const BATCH = 1000;

/** A sequence in the making. */
interface Draft {
  readonly index: number;
  readonly random: RandomGenerator;
  /** What the model sees: the sequence, behind a token that begins it where there has to be one. */
  readonly tokens: number[];
}

/**
 * Sequences drawn from a model: each next token by its probability, until the end token comes. The model sees the last T
 * tokens, as `nextTokenScores` hands them out; one that has a `stream` reads each token once.
 *
 * Sequence i depends on the generator and on i alone, not on how many are asked for.
 *
 * @returns `count` sequences of tokens, the prompt at their head, without the end token
 * @throws RangeError when an option is out of range, or the model's scores aren't numbers
 */
export function sample(model: LanguageModel, { onToken, ...options }: SampleOptions): number[][] {
  const drawing = drawTokens(model, options);
  for (;;) {
    const { done, value } = drawing.next();
    if (done === true) return value;
    onToken?.(value);
  }
}

/**
 * What {@link sample} does, token by token: each is handed out as it is drawn, those of several sequences in turn. Whoever has enough
 * ends the loop, and may do something else between two tokens.
 *
 * @returns the sequences, as `sample`
 * @throws RangeError as `sample`, at the first token
 */
export function* drawTokens(
  model: LanguageModel,
  options: Omit<SampleOptions, 'onToken'>,
): Generator<DrawnToken, number[][], void> {
  const { count = 1, generator, prompt = [], temperature = 1, maxLength = 100 } = options;
  const { endToken = 0 } = options;
  const asTheyAre = model.padsContexts !== true;
  checkSizes('sample', { count, maxLength });
  checkProbabilities('sample', options);
  checkEndToken(endToken, model.vocabSize);
  // Where contexts are filled up with token 0, it can't be within one and end one.
  checkPrompt(prompt, { least: asTheyAre || endToken !== 0 ? 0 : 1, vocabSize: model.vocabSize });

  const begin = asTheyAre && prompt.length === 0 ? [endToken === 'none' ? 0 : endToken] : [];
  const drafts = Array.from({ length: count }, (_, index) => ({
    index,
    random: RandomGenerator.seeded(randomInt64(generator)),
    tokens: [...begin, ...Array.from(prompt)],
  }));
  const most = begin.length + maxLength;
  const settings = { ...options, temperature, endToken, most, vocabSize: model.vocabSize };
  const rows = Math.min(count, BATCH, model.streamRows ?? BATCH);
  const scores = options.scores ?? nextTokenScores(model, { rows, compile: options.compile });
  try {
    for (let first = 0; first < count; first += scores.rows) {
      yield* complete(drafts.slice(first, first + scores.rows), scores, settings);
    }
  } finally {
    if (scores !== options.scores) scores.dispose();
  }
  return drafts.map(({ tokens }) => tokens.slice(begin.length));
}

/** Draws token after token until every draft has ended or is as long as it may be. */
function* complete(
  drafts: readonly Draft[],
  scores: NextTokenScores,
  options: Settings,
): Generator<DrawnToken, void, void> {
  const { temperature, most, endToken, vocabSize: V } = options;
  const isOpen = (tokens: readonly number[]): boolean => tokens.length < most;
  const growing = drafts.map(({ tokens }) => (isOpen(tokens) ? tokens : undefined));
  while (growing.some((tokens) => tokens !== undefined)) {
    const values = scores.read(growing).slice(); // between two tokens others may read
    if (values.some(Number.isNaN)) throw diverged();
    for (const [row, { index, random, tokens }] of drafts.entries()) {
      if (growing[row] === undefined) continue;
      const logits = values.subarray(row * V, (row + 1) * V);
      const probabilities = narrow(softmax(logits, temperature), options);
      const u = random.nextDouble();
      const token = draw(probabilities, u);
      if (token !== endToken) tokens.push(token);
      const logProbability = logProbabilityOf(logits, token);
      if (token === endToken || !isOpen(tokens)) growing[row] = undefined;
      yield { sequence: index, token, logProbability, probabilities, u };
    }
  }
}

interface Settings extends Omit<SampleOptions, 'onToken'> {
  readonly temperature: number;
  readonly endToken: number | 'none';
  /** Tokens of a draft at most, the one that begins it included. */
  readonly most: number;
  readonly vocabSize: number;
}

const diverged = (): RangeError =>
  new RangeError(
    'sample: the model gives NaN; it has diverged, train it again with a lower learning rate',
  );

function checkEndToken(endToken: number | 'none', vocabSize: number): void {
  if (endToken === 'none') return;
  if (Number.isInteger(endToken) && endToken >= 0 && endToken < vocabSize) return;
  throw new RangeError(
    `sample: endToken must be from 0 to ${vocabSize - 1}, or 'none'; got ${String(endToken)}`,
  );
}

function checkPrompt(
  prompt: ArrayLike<number>,
  { least, vocabSize }: { readonly least: number; readonly vocabSize: number },
): void {
  for (const token of Array.from(prompt)) {
    if (!Number.isInteger(token) || token < least || token >= vocabSize) {
      throw new RangeError(
        `sample: prompt tokens must be from ${least} to ${vocabSize - 1}; got ${token}`,
      );
    }
  }
}
