import { bitsFromNats, perplexity } from '@llm101/info-theory';
import type { Batch } from '@llm101/data';
import { eventLoopYielder } from '../event-loop.js';
import { checkBatch } from '../checks.js';
import { interpret, type Compile } from '../step/compile.js';
import { AHEAD } from '../step/steps.js';
import { NextTokenCounts } from './next-token-counts.js';
import { SCORE, scorer, type Scored, type Scorer, type Scores } from '../parallel/scoring.js';
import type { Workers } from '../parallel/training-workers.js';
import type { Trainable } from '../step/trainable.js';

/** What a model is evaluated on: a pass of batches, or the distinct contexts of a data set. */
export type EvaluationData = Iterable<Batch> | NextTokenCounts;

/** How well a model predicts a data set. */
export interface Evaluation {
  /** Windows that were scored. */
  readonly examples: number;
  /** Mean cross-entropy over all windows, in nats. */
  readonly loss: number;
  /** Fraction of windows whose likeliest next token is the right one. */
  readonly accuracy: number;
  /** `exp(loss)`. */
  readonly perplexity: number;
  /** `loss / ln 2`. */
  readonly bitsPerToken: number;
  /** Where lines have answers: how many there are. */
  readonly answers?: number;
  /** Fraction of answers of which every token is right, the end too: those that the likeliest token, taken again and again, gives. */
  readonly answerAccuracy?: number;
}

/** Called now and then with the number of windows or contexts that are scored, and their total where it is known. */
export type EvaluationProgress = (scored: number, total: number | undefined) => void;

/** Settings of {@link evaluate}. */
export interface EvaluateOptions {
  /** Compiles the model. Default: `interpret`. */
  readonly compile?: Compile;
  /** Called as it goes. */
  readonly onProgress?: EvaluationProgress;
  /** Score beside this thread, with the model's values as they are now; the result is the same. Default: none. */
  readonly workers?: Workers;
}

/** Evaluates one model, as often as it is asked to. */
export interface Evaluator {
  /** As {@link evaluate} does. */
  evaluate(data: EvaluationData, onProgress?: EvaluationProgress): Promise<Evaluation>;
  /** Frees what was compiled. */
  dispose(): void;
}

/**
 * Measures a model. Each window weighs the same, so the size of the batches and a smaller last one make no difference.
 *
 * @throws RangeError when there are no windows, a batch's arrays don't fit each other, the model doesn't score a row for each
 * target, or the loss is NaN
 * @throws RangeError for workers beside a compiler whose functions answer later
 * @throws WorkerError when a worker fails or has ended
 */
export async function evaluate(
  model: Trainable,
  data: EvaluationData,
  { compile = interpret, onProgress, workers }: EvaluateOptions = {},
): Promise<Evaluation> {
  const once = evaluator(model, compile, workers);
  try {
    return await once.evaluate(data, onProgress);
  } finally {
    once.dispose();
  }
}

/** An {@link Evaluator} that compiles the model once, on each thread that scores. */
export function evaluator(model: Trainable, compile: Compile, workers?: Workers): Evaluator {
  const here = scorer(model, compile);
  checkAlone(here, workers);
  return {
    async evaluate(data, onProgress) {
      here.rehearse();
      const totals = new Totals();
      const answers = data instanceof NextTokenCounts ? answersOfCounts(data) : new BatchAnswers();
      const total = data instanceof NextTokenCounts ? data.length : undefined;
      const parts = data instanceof NextTokenCounts ? partsOfCounts(data) : partsOfBatches(data);
      for await (const { part, scores } of scoresOf(parts, here, { model, workers })) {
        totals.add(part, scores);
        answers?.add(part, scores);
        onProgress?.(part.contexts ?? totals.examples, total);
      }
      return { ...summary(totals), ...answers?.summary() };
    },
    dispose: () => here.dispose(),
  };
}

/** Rows that are scored at once. Its arrays stay as they are. */
interface Part {
  readonly rows: Scored;
  /** How much each of its symbols counts. Default: 1. */
  readonly times: ArrayLike<number> | undefined;
  /** For each of its symbols which answer it is part of, where there are answers. */
  readonly answers?: Int32Array | undefined;
  /** Contexts of the data up to its end, where they are counted. */
  readonly contexts?: number;
  /** How many tokens the model must score, where the data say so. */
  readonly vocabSize?: number;
}

/** Contexts that a model gets at once: few enough for what its layers make to stay in the cache. */
const CHUNK = 256;

function* partsOfBatches(batches: Iterable<Batch>): Iterable<Part> {
  for (const batch of batches) {
    checkBatch('evaluate', batch);
    const { inputs: tokens, targets, weights, answers, size: B, contextSize: T } = batch;
    const shape: [B: number, T: number] = [B, T];
    if (weights === undefined) {
      const rows = { tokens, shape, symbols: targets.slice() };
      yield { rows, times: undefined, answers: answers?.slice() };
    } else {
      const counts = (_: number, n: number): boolean => weights[n] !== 0;
      const first = new Int32Array(targets.length + 1);
      for (const [n, weight] of weights.entries()) first[n + 1] = first[n] + (weight === 0 ? 0 : 1);
      const rows = { tokens, shape, symbols: targets.filter(counts), first };
      yield { rows, times: weights.filter(counts), answers: answers?.filter(counts) };
    }
  }
}

function* partsOfCounts(data: NextTokenCounts): Iterable<Part> {
  const { length, contextSize: T, vocabSize, firstFollower, followers } = data;
  for (let start = 0; start < length; start += CHUNK) {
    const contexts = Math.min(start + CHUNK, length);
    const [from, to] = [firstFollower[start], firstFollower[contexts]];
    const first = firstFollower.slice(start, contexts + 1).map((at) => at - from);
    const symbols = followers.slice(from, to);
    const rows: Scored = {
      tokens: data.contexts(start, contexts),
      shape: [contexts - start, T],
      symbols,
      first,
    };
    yield { rows, times: data.times.subarray(from, to), contexts, vocabSize };
  }
}

/** The scores of each part, in their order: of all threads, or of this one while others that wait for it get their turn. */
async function* scoresOf(
  parts: Iterable<Part>,
  here: Scorer,
  { model, workers }: { readonly model: Trainable; readonly workers: Workers | undefined },
): AsyncIterable<{ readonly part: Part; readonly scores: Scores }> {
  const scoreLater = here.scoreLater?.bind(here);
  if (scoreLater !== undefined) {
    yield* scoresAhead(parts, scoreLater);
    return;
  }
  const score = (rows: Scored): Scores => here.score(rows);
  if (workers === undefined || workers.count === 1) {
    const yieldToOthers = eventLoopYielder();
    for (const part of parts) {
      yield { part, scores: score(part.rows) };
      await yieldToOthers();
    }
    return;
  }
  const sent: Part[] = [];
  const inputs = function* (): Iterable<Scored> {
    for (const part of parts) {
      // The array is used again for the next batch, and a view would be sent with all of its buffer.
      const rows = { ...part.rows, tokens: part.rows.tokens.slice() };
      sent.push({ ...part, rows });
      yield rows;
    }
  };
  await workers.load(model);
  let unchecked = workers.count - 1; // the first go to each of the others
  for await (const scores of workers.map(SCORE, inputs(), score)) {
    const part = sent.shift();
    if (part === undefined) return;
    if (unchecked-- > 0) checkSame(scores, score(part.rows));
    yield { part, scores };
  }
}

/** The same where the model is computed elsewhere, which always has something to do. */
async function* scoresAhead(
  parts: Iterable<Part>,
  scoreLater: NonNullable<Scorer['scoreLater']>,
): AsyncIterable<{ readonly part: Part; readonly scores: Scores }> {
  const begun: { readonly part: Part; readonly scores: Promise<Scores> }[] = [];
  const yieldToOthers = eventLoopYielder();
  const next = async (): Promise<{ part: Part; scores: Scores } | undefined> => {
    const first = begun.shift();
    return first && { part: first.part, scores: await first.scores };
  };
  for (const part of parts) {
    const scores = scoreLater(part.rows);
    scores.catch(() => {}); // whoever awaits it is told, unless one before it fails
    begun.push({ part, scores });
    const scored = begun.length === AHEAD ? await next() : undefined;
    if (scored !== undefined) yield scored;
    await yieldToOthers();
  }
  for (let scored = await next(); scored !== undefined; scored = await next()) yield scored;
}

/** @throws RangeError where threads would have to score beside what isn't computed by one */
function checkAlone(here: Scorer, workers: Workers | undefined): void {
  if (here.scoreLater === undefined || workers === undefined) return;
  here.dispose();
  throw new RangeError(
    'evaluate: a model that is computed elsewhere scores without threads; leave workers out, or pass another compile',
  );
}

/** @throws TypeError where a replica isn't the model that it should be */
function checkSame(found: Scores, expected: Scores): void {
  const { logProbabilities } = expected;
  if (found.logProbabilities.every((value, i) => Object.is(value, logProbabilities[i]))) return;
  throw new TypeError(
    'evaluate: workers must score as this thread does, and one gives other scores; make its model by the same settings, and compile both alike',
  );
}

/** Adds up how well log-probabilities predict symbols, weighted and in double. */
class Totals {
  examples = 0;
  /** Sum of cross-entropies, in nats. */
  loss = 0;
  correct = 0;

  /** @throws RangeError unless the model scores as many tokens as the data have */
  add({ rows, times, vocabSize }: Part, scores: Scores): void {
    if (vocabSize !== undefined && scores.vocabSize !== vocabSize) {
      throw new RangeError(
        `evaluate: the model must score the ${vocabSize} tokens of the data; got ${scores.vocabSize} scores a row`,
      );
    }
    const { symbols, first } = rows;
    const { logProbabilities, likeliest } = scores;
    for (let n = 0; n < likeliest.length; n++) {
      const end = first?.[n + 1] ?? n + 1;
      for (let i = first?.[n] ?? n; i < end; i++) {
        const count = times?.[i] ?? 1;
        this.examples += count;
        this.loss -= count * logProbabilities[i];
        if (symbols[i] === likeliest[n]) this.correct += count;
      }
    }
  }
}

/** Which answers are right, as the parts of the data come. */
interface Answers {
  add(part: Part, scores: Scores): void;
  /** Nothing where there are no answers. */
  summary(): Pick<Evaluation, 'answers' | 'answerAccuracy'>;
}

/** Answers of batches, of which several may have parts of one. */
class BatchAnswers implements Answers {
  /** Whether each is right, as far as it was scored. */
  readonly #isRight = new Map<number, boolean>();

  add({ rows: { symbols, first }, answers }: Part, { likeliest }: Scores): void {
    if (answers === undefined) return;
    for (let n = 0; n < likeliest.length; n++) {
      const end = first?.[n + 1] ?? n + 1;
      for (let i = first?.[n] ?? n; i < end; i++) this.put(answers[i], symbols[i] === likeliest[n]);
    }
  }

  put(answer: number, isRight: boolean): void {
    if (answer >= 0) this.#isRight.set(answer, isRight && this.#isRight.get(answer) !== false);
  }

  summary(): ReturnType<Answers['summary']> {
    const { size: answers } = this.#isRight;
    if (answers === 0) return {};
    const right = Array.from(this.#isRight.values()).filter(Boolean).length;
    return { answers, answerAccuracy: right / answers };
  }
}

/** Answers of counted contexts, which many of them share. */
function answersOfCounts({ length, answers: rows }: NextTokenCounts): Answers | undefined {
  if (rows === undefined) return undefined;
  const likeliest = new Int32Array(length);
  return {
    add({ contexts = 0 }, scores) {
      likeliest.set(scores.likeliest, contexts - scores.likeliest.length);
    },
    summary() {
      const all = new BatchAnswers();
      for (const [row, answer] of rows.answers.entries()) {
        all.put(answer, likeliest[rows.contexts[row]] === rows.targets[row]);
      }
      return all.summary();
    },
  };
}

function summary({ examples, loss: sum, correct }: Totals): Evaluation {
  if (examples === 0) {
    throw new RangeError('evaluate: there must be at least one batch; got none, check the loader');
  }
  const loss = sum / examples;
  if (Number.isNaN(loss)) throw new NanLossError();
  return {
    examples,
    loss,
    accuracy: correct / examples,
    perplexity: perplexity(loss),
    bitsPerToken: bitsFromNats(loss),
  };
}

/** A model has diverged so far that it predicts nothing any more. */
export class NanLossError extends RangeError {
  constructor() {
    super(
      'evaluate: the loss must be a number; got NaN, the model has diverged: train it again with a lower learning rate',
    );
  }
}
