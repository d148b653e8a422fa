import type { TokenSource } from '@llm101/data';
import { mixedPrior, NgramModel, priorOf } from '@llm101/info-theory';
import type { LanguagePrior, NgramOptions } from '@llm101/info-theory';
import type { NextTokenScores } from '@llm101/models';
import { isStream, type PreparedData, samplePrompt, UserError } from '@llm101/runs';
import type { SampledModel, TextPart } from '@llm101/runs';
import { plainScores, type UseOptions } from './plain-scores.js';

/** A language model and what it is called. */
export interface NamedPrior {
  readonly name: string;
  readonly prior: LanguagePrior;
}

/** Language models that can be compared. */
export interface Priors {
  /** N-grams of one, two and `order` characters, learned from the training part of a text. */
  readonly ngrams: readonly NamedPrior[];
  /** The network, where there is one, and its mixture with the longest n-grams. */
  readonly networks: readonly NamedPrior[];
}

/** What {@link makePriors} makes. */
export interface PriorsOptions {
  /** Characters of the longest n-gram. */
  readonly order: number;
  /** A network, by {@link networkPrior}; who made it disposes of it. */
  readonly network?: NamedPrior | undefined;
}

/**
 * N-grams of the training part of a text, and a network beside them.
 *
 * @throws UserError when the text has more than 20 million tokens
 */
export function makePriors(
  { tokenizer, train }: Pick<PreparedData, 'tokenizer' | 'train'>,
  { order, network }: PriorsOptions,
): Priors {
  const learned = sequencesOf(train);
  const size = tokenizer.vocabSize;
  const ngrams = Array.from(new Set([1, 2, order].filter((n) => n <= order)), (n) => ({
    name: nameOfOrder(n),
    prior: priorOf(ngramsOf(learned, { size, order: n })),
  }));
  if (network === undefined) return { ngrams, networks: [] };
  const longest = ngrams[ngrams.length - 1];
  const name = `${network.name} and ${longest.name}`;
  const mixed = { name, prior: mixedPrior([network.prior, longest.prior]) };
  return { ngrams, networks: [network, mixed] };
}

/**
 * The tokens of each line, ended by the padding; of a stream all its tokens as one sequence: what n-grams learn from.
 *
 * @throws UserError when there are more than 20 million tokens
 */
export function sequencesOf(part: TextPart): number[][] {
  if (isStream(part)) return [[...tokensOf(part.tokens)]];
  const { length, tokens, starts } = part.tokens;
  checkCounted(tokens.length);
  return Array.from({ length }, (_, i) => [...tokens.subarray(starts[i] + 1, starts[i + 1] + 1)]);
}

/** Tokens whose n-grams fit into memory. */
const MOST_COUNTED = 20_000_000;

/** @throws UserError where there are more tokens */
function checkCounted(length: number): void {
  if (length <= MOST_COUNTED) return;
  throw new UserError(
    `n-grams are counted of at most ${MOST_COUNTED.toLocaleString('en-US')} tokens; the text has ${length.toLocaleString('en-US')}; take a part of it`,
  );
}

/** All tokens of a stream. */
function tokensOf(tokens: TokenSource): Int32Array {
  const { length } = tokens;
  checkCounted(length);
  const all = new Int32Array(length);
  tokens.copy(0, length, all, 0);
  return all;
}

/** An n-gram model of some sequences. */
export function ngramsOf(sequences: readonly number[][], options: NgramOptions): NgramModel {
  const model = new NgramModel(options);
  for (const sequence of sequences) model.observe(sequence);
  return model;
}

/** `unigrams`, `bigrams`, `3-grams`, … */
export function nameOfOrder(order: number): string {
  return ['unigrams', 'bigrams'].at(order - 1) ?? `${order}-grams`;
}

/** Contexts that a {@link networkPrior} has scored at once. */
export const PRIOR_ROWS = 256;

/** How a {@link networkPrior} scores. */
export interface NetworkPriorOptions extends UseOptions {
  /** The model's scores, 256 contexts at once, which it disposes of. Default: made for it. */
  readonly scores?: NextTokenScores;
}

/** A network as a prior; to be disposed of. */
export interface NetworkPrior extends LanguagePrior {
  /** Frees the compiled scorer, not the model. */
  dispose(): void;
}

/**
 * Makes a prior of a network, which decoders and measures take beside n-grams; it scores each distinct context once. To a model of blocks a
 * context that is too short comes after line ends, as where texts are drawn.
 */
export function networkPrior(
  saved: SampledModel,
  {
    compile,
    scores = plainScores(saved.model, { rows: PRIOR_ROWS, compile }),
  }: NetworkPriorOptions = {},
): NetworkPrior {
  const size = saved.model.vocabSize;
  const seen = (context: readonly number[]): readonly number[] =>
    saved.examples === 'lines' ? context : samplePrompt(saved, context).prompt;
  return {
    size,
    logProbabilities(contexts) {
      const rowOf = new Map<string, number>();
      const distinct: (readonly number[])[] = [];
      const rows = contexts.map((context) => {
        const key = context.join();
        const row = rowOf.get(key) ?? distinct.push(seen(context)) - 1;
        rowOf.set(key, row);
        return row;
      });
      const table = new Float64Array(distinct.length * size);
      for (let first = 0; first < distinct.length; first += PRIOR_ROWS) {
        const chunk = distinct.slice(first, first + PRIOR_ROWS);
        const values = scores.read(chunk);
        for (let row = 0; row < chunk.length; row++) {
          logSoftmax(values.subarray(row * size, (row + 1) * size), table, (first + row) * size);
        }
      }
      const answer = new Float64Array(rows.length * size);
      for (const [i, row] of rows.entries()) {
        answer.set(table.subarray(row * size, (row + 1) * size), i * size);
      }
      return answer;
    },
    dispose: () => scores.dispose(),
  };
}

/**
 * How surprising each symbol of a sequence is to a prior, which has seen those before it.
 *
 * @param sequence - `[n]` symbols, 0 … size - 1
 * @returns `[n]` `-ln p`; Infinity where the prior ruled out the symbol
 */
export function priorSurprisals(prior: LanguagePrior, sequence: readonly number[]): number[] {
  const rows = prior.logProbabilities(sequence.map((_, i) => sequence.slice(0, i)));
  return sequence.map((symbol, i) => -rows[i * prior.size + symbol]);
}

/**
 * Writes the logarithms of probabilities, from a row of scores, from `at` on.
 *
 * @throws UserError when the scores aren't numbers
 */
function logSoftmax(scores: Float32Array, target: Float64Array, at: number): void {
  const highest = scores.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - highest);
  const normaliser = highest + Math.log(sum);
  if (Number.isNaN(normaliser)) {
    throw new UserError('the model gives NaN; train it again with a lower learning rate');
  }
  for (let i = 0; i < scores.length; i++) target[at + i] = scores[i] - normaliser;
}
