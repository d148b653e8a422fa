import type { TokenSource } from '@llm101/data';
import { plainScores, type UseOptions } from '@llm101/inference';
import { mixedPrior, NgramModel, priorOf } from '@llm101/info-theory';
import type { LanguagePrior, NgramOptions } from '@llm101/info-theory';
import type { LanguageModel, NextTokenScores } from '@llm101/models';
import { isStream, type Settings, type TextPart, UserError } from '@llm101/runs';
import type { HeldOut } from './run-folder/data.js';
import { count } from './terminal/output.js';
import { savedScores, threadsFor } from './threads/saved-scores.js';

/** A language model and what it is called. */
interface NamedPrior {
  readonly name: string;
  readonly prior: LanguagePrior;
}

/** Priors that were learned from training lines; to be disposed of. */
export interface Priors {
  /** N-grams of one, two and `order` characters, learned from the training lines. */
  readonly ngrams: readonly NamedPrior[];
  /** The network, where there is one, and its mixture with the longest n-grams. */
  readonly networks: readonly NamedPrior[];
  readonly dispose: () => void;
}

/** What {@link makePriors} makes priors for. */
export interface PriorsOptions {
  /** Characters of the longest n-gram. */
  readonly order: number;
  /** Threads that score for the network. */
  readonly workers: Settings['workers'];
  /** Tokens that the network will score, about. */
  readonly tokens: number;
}

/** Makes the priors. */
export function makePriors(
  { data, network }: HeldOut,
  { order, workers, tokens }: PriorsOptions,
): Priors {
  const { tokenizer, train } = data;
  const learned = sequencesOf(train);
  const size = tokenizer.vocabSize;
  const ngrams = Array.from(new Set([1, 2, order].filter((n) => n <= order)), (n) => ({
    name: nameOfOrder(n),
    prior: priorOf(ngramsOf(learned, { size, order: n })),
  }));
  if (network === undefined) return { ngrams, networks: [], dispose: () => {} };
  const { config } = network;
  const threads = threadsFor(workers, { config, rows: CHUNK, tokens });
  const scores = savedScores(network, { rows: CHUNK, workers: threads });
  const prior = networkPrior(network.model, { scores });
  const longest = ngrams[ngrams.length - 1];
  const { type } = config;
  const mixed = {
    name: `${type} and ${longest.name}`,
    prior: mixedPrior([prior, longest.prior]),
  };
  return { ngrams, networks: [{ name: type, prior }, mixed], dispose: () => prior.dispose() };
}

/** The tokens of each line, ended by the padding; of a stream all its tokens as one sequence. */
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
    `n-grams are counted of at most ${count(MOST_COUNTED)} tokens; the text has ${count(length)}; take a part of it`,
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

/** Contexts that a network scores at once. */
const CHUNK = 256;

/** How a {@link networkPrior} scores. */
interface NetworkPriorOptions extends UseOptions {
  readonly scores?: NextTokenScores;
}

/** A network as a prior; to be disposed of. */
interface NetworkPrior extends LanguagePrior {
  /** Frees the compiled scorer, not the model. */
  dispose(): void;
}

/**
 * Makes a prior of a network; it scores each distinct context once.
 *
 * @param options - `scores`: of 256 contexts at once, which it disposes of. Default: on this thread
 */
export function networkPrior(
  model: LanguageModel,
  { compile, scores = plainScores(model, { rows: CHUNK, compile }) }: NetworkPriorOptions = {},
): NetworkPrior {
  const size = model.vocabSize;
  return {
    size,
    logProbabilities(contexts) {
      const rowOf = new Map<string, number>();
      const distinct: (readonly number[])[] = [];
      const rows = contexts.map((context) => {
        const key = context.join();
        const row = rowOf.get(key) ?? distinct.push(context) - 1;
        rowOf.set(key, row);
        return row;
      });
      const table = new Float64Array(distinct.length * size);
      for (let first = 0; first < distinct.length; first += CHUNK) {
        const chunk = distinct.slice(first, first + CHUNK);
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
