import { logSoftmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { withBackendHint } from '../backend-hint.js';
import { checkScores } from '../checks.js';
import type { Compile, TensorValues } from '../step/compile.js';
import type { Trainable } from '../step/trainable.js';

/** The name of the task that every replica has. */
export const SCORE = '@llm101/training: score';

/** Rows to score, and of which symbols the log-probabilities are wanted. */
export interface Scored {
  /** `[B, T]` int32. */
  readonly tokens: Int32Array;
  readonly shape: [B: number, T: number];
  /** Symbols, row of scores after row of scores. */
  readonly symbols: Int32Array;
  /** `[N + 1]`: those of row n are from `first[n]` to before `first[n + 1]`. Default: one each. */
  readonly first?: Int32Array;
}

/** What evaluation needs of `[N, V]` log-probabilities. */
export interface Scores {
  /** Of each symbol, in nats. */
  readonly logProbabilities: Float32Array;
  /** `[N]`: the likeliest symbol of each row, the first of equal ones. */
  readonly likeliest: Int32Array;
  /** V */
  readonly vocabSize: number;
}

/** Scores rows by a model that is compiled once. */
export interface Scorer {
  /** @throws RangeError unless the model gives as many rows as there are targets, and knows their symbols */
  score(rows: Scored): Scores;
  /** The same where the model is computed elsewhere: its arguments are read before it returns. Then `score` throws. */
  scoreLater?(rows: Scored): Promise<Scores>;
  /** @throws Error where what the model captures has changed since it was compiled */
  rehearse(): void;
  /** Frees what was compiled. */
  dispose(): void;
}

/** A row's scores are the same whatever rows are scored with it, and so on whichever thread. */
export function scorer(model: Trainable, compile: Compile): Scorer {
  let V = 0; // of the model: the same whatever the batch
  const logProbabilitiesOf = (tokens: Tensor2D): Tensor2D => {
    const logits = withBackendHint(() => model.logits(tokens));
    if (logits.shape.length !== 2) checkScores('evaluate', logits.shape, tokens.shape[0]);
    V = logits.shape[1];
    return logSoftmax(logits); // [N, V]
  };
  const compiled = compile(logProbabilitiesOf, { rehearse: 'sometimes' });
  const readLater = compiled.readLater?.bind(compiled);
  return {
    score: (scored) => scoresOf(compiled.read(feedOf(scored)), scored, V),
    ...(readLater && {
      scoreLater: async (scored) => scoresOf(await readLater(feedOf(scored)), scored, V),
    }),
    rehearse: () => compiled.rehearse?.(),
    dispose: () => compiled.dispose(),
  };
}

const feedOf = ({ tokens, shape }: Scored): TensorValues => ({ values: tokens, shape });

/** @param rows - `[N, V]` log-probabilities */
function scoresOf(rows: ArrayLike<number>, { symbols, first }: Scored, V: number): Scores {
  const N = first === undefined ? symbols.length : first.length - 1;
  if (rows.length !== N * V) checkScores('evaluate', [rows.length / V, V], N);
  const logProbabilities = new Float32Array(symbols.length);
  const likeliest = new Int32Array(N);
  for (let n = 0; n < N; n++) {
    likeliest[n] = indexOfMost(rows, n * V, V);
    const end = first?.[n + 1] ?? n + 1;
    for (let i = first?.[n] ?? n; i < end; i++) {
      checkSymbol(symbols[i], V);
      logProbabilities[i] = rows[n * V + symbols[i]];
    }
  }
  return { logProbabilities, likeliest, vocabSize: V };
}

function indexOfMost(values: ArrayLike<number>, start: number, V: number): number {
  let best = start;
  for (let i = start + 1; i < start + V; i++) if (values[i] > values[best]) best = i;
  return best - start;
}

function checkSymbol(symbol: number, V: number): void {
  if (symbol >= 0 && symbol < V) return;
  throw new RangeError(
    `evaluate: targets must be from 0 to ${V - 1}, as the model has ${V} tokens; got ${symbol}`,
  );
}
