import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Worker,
} from 'node:worker_threads';
import { plainScores } from '@llm101/inference';
import type { NextTokenScores } from '@llm101/models';
import { chooseWorkers, multiplicationsOf, type Settings, UserError } from '@llm101/runs';
import type { ModelConfig, SavedModel } from '@llm101/runs';
import { compile } from '@llm101/wasm';
import { ContextWriter } from './contexts.js';
import { ANSWERED, ASKED, FAILED, type ScoreThreadData, waitForOther } from './score-thread.js';
import { startThread } from './start.js';

/** How {@link savedScores} scores. */
export interface SavedScoresOptions {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
  /** Threads, this one included. */
  readonly workers: number;
  /** How long an answer may take until this thread scores the rows itself. Default: 20 seconds. */
  readonly patienceMs?: number;
}

/** A saved model with the file that it was read from. */
type WithFile = Pick<SavedModel, 'model'> & { readonly file: Uint8Array<ArrayBuffer> };

/**
 * Scores of the tokens that may follow contexts, by a saved model, on several threads: each has a model of its own and as many rows.
 * The same bytes as on one, as a row's scores don't depend on the others'.
 */
export function savedScores(
  { model, file }: WithFile,
  { rows, workers, patienceMs = PATIENCE_MS }: SavedScoresOptions,
): NextTokenScores {
  const each = Math.ceil(rows / workers);
  const own = plainScores(model, { rows: each, compile });
  if (each === rows) return own;
  const { vocabSize: V } = model;
  const others = Array.from({ length: Math.ceil(rows / each) - 1 }, (_, i) => {
    const first = (i + 1) * each;
    const mine = Math.min(each, rows - first);
    const score = (): NextTokenScores => plainScores(model, { rows: mine, compile });
    return new ScoreThread({ rows: mine, file, V, first, score, patienceMs });
  });
  const result = new Float32Array(rows * V);
  return {
    rows,
    read(contexts) {
      if (contexts.length > rows) return own.read(contexts); // which refuses them
      for (const other of others) other.ask(contexts);
      if (contexts.slice(0, each).some((context) => context !== undefined)) {
        result.set(own.read(contexts.slice(0, each)));
      }
      for (const other of others) other.answerInto(result);
      return result;
    },
    dispose() {
      own.dispose();
      for (const other of others) other.end();
    },
  };
}

/** What a {@link ScoreThread} is made of. */
interface ScoreThreadOptions {
  readonly rows: number;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly V: number;
  /** The first of its rows. */
  readonly first: number;
  /** Makes what scores its rows on this thread. */
  readonly score: () => NextTokenScores;
  readonly patienceMs: number;
}

/** Far more than a call takes, with the start of a thread on a busy machine. */
const PATIENCE_MS = 20_000;

/** A thread that scores some of the rows; should it have ended, as for want of memory, this thread does, to the same bytes. */
class ScoreThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #contexts = new ContextWriter();
  readonly #calls = new Int32Array(new SharedArrayBuffer(8));
  readonly #scores: Float32Array;
  readonly #first: number;
  readonly #rows: number;
  readonly #score: () => NextTokenScores;
  readonly #patienceMs: number;
  #asked = 0;
  /** What it was asked for. */
  #part: Parameters<NextTokenScores['read']>[0] | undefined;
  /** In its place, once it hasn't answered. */
  #own: NextTokenScores | undefined;

  constructor({ file, rows, V, first, score, patienceMs }: ScoreThreadOptions) {
    const { port1, port2 } = new MessageChannel();
    const scores = new SharedArrayBuffer(4 * rows * V);
    const calls = this.#calls.buffer;
    const data: ScoreThreadData = {
      role: 'scores',
      file,
      rows,
      port: port2,
      calls,
      scores,
    };
    this.#worker = startThread({ workerData: data, transferList: [port2] });
    this.#worker.on('error', () => {}); // it gives no answer, and that is seen
    this.#worker.unref();
    port1.unref();
    this.#port = port1;
    this.#scores = new Float32Array(scores);
    [this.#first, this.#rows] = [first, rows];
    [this.#score, this.#patienceMs] = [score, patienceMs];
  }

  /** Sends its part of the contexts; none where it has none. */
  ask(contexts: readonly (readonly number[] | undefined)[]): void {
    const part = contexts.slice(this.#first, this.#first + this.#rows);
    const written = this.#contexts.write(part);
    this.#part = written && part;
    if (written === undefined || this.#own !== undefined) return;
    this.#port.postMessage(written, [written.buffer]);
    Atomics.store(this.#calls, ASKED, ++this.#asked);
    Atomics.notify(this.#calls, ASKED);
  }

  /**
   * Waits for its scores, and writes them where its rows are.
   *
   * @throws UserError when the thread has failed, saying why
   */
  answerInto(result: Float32Array): void {
    if (this.#part === undefined) return;
    result.set(this.#answer(this.#part), this.#first * (this.#scores.length / this.#rows));
  }

  #answer(part: Parameters<NextTokenScores['read']>[0]): Float32Array {
    if (this.#own === undefined) {
      const options = { was: this.#asked - 1, timeoutMs: this.#patienceMs };
      const found = waitForOther(this.#calls, ANSWERED, options);
      if (found === FAILED) throw failed(String(receiveMessageOnPort(this.#port)?.message));
      if (found === this.#asked) return this.#scores;
      this.#own = this.#score();
      void this.#worker.terminate();
    }
    return this.#own.read(part);
  }

  end(): void {
    this.#own?.dispose();
    this.#port.close();
    void this.#worker.terminate();
  }
}

const failed = (why: string): UserError =>
  new UserError(`a thread that scores has failed: ${why}; --workers 1 does without`);

/** What is to be scored by {@link threadsFor}. */
export interface ScoringWork {
  readonly config: ModelConfig;
  /** Rows that are scored at once. */
  readonly rows: number;
  /** Tokens in all. */
  readonly tokens: number;
}

/** Multiplications of a call that are worth being shared: those of a millisecond, where a thread is asked and answers in a tenth. */
const LEAST_AT_ONCE = 1e7;

/** The threads that score, where the settings leave it open: one where more aren't worth while. */
export function threadsFor(
  workers: Settings['workers'],
  { config, rows, tokens }: ScoringWork,
): number {
  const each = multiplicationsOf(config);
  return chooseWorkers(workers, rows * each < LEAST_AT_ONCE ? 0 : tokens * each);
}
