import { type Batch, writeTokens } from '@llm101/data';
import { encodePrompt } from '@llm101/inference';
import { GPT, Megabyte, RecurrentNetwork, tokenProbabilities } from '@llm101/models';
import { type Run, samplePrompt, UserError } from '@llm101/runs';
import { interpret } from '@llm101/training';
import type { SeenLine, SeenPosition } from '../../../looks.js';

/** Tokens of a line that are looked at: of a longer one the last. */
const MOST_TOKENS = 64;

/** Guesses that are told of a position. */
const GUESSES = 5;

/** A line as tokens, in the form in which the model learns. */
export interface LineTokens {
  readonly form: SeenLine['form'];
  readonly isCut: boolean;
  /** What is read: the token that begins a line, where one does, and the line's. */
  readonly tokens: readonly number[];
  /** The token after each; -1 where there is none. */
  readonly targets: readonly number[];
  /** What the model is given: a window for each position, or one row. */
  readonly rows: readonly (readonly number[])[];
}

/** @throws UserError where there is no run yet */
export function started(run: Run | undefined): Run {
  if (run === undefined) throw new UserError('the run loads; there is nothing to look into yet');
  return run;
}

/**
 * What a run's model reads of a line: as in a text of lines from the token that begins one, else as a stretch of a text.
 *
 * @throws UserError when it has a character that the model doesn't know
 */
export function readLine(run: Run, line: string): LineTokens {
  const { model, data } = run;
  const { tokenizer, examples } = data;
  const own = Array.from(encodePrompt(line, tokenizer, 'the line'));
  const begin = tokenizer.paddingIndex ?? 0;
  const isLine = examples === 'lines';
  const first = isLine ? [begin] : samplePrompt({ model, tokenizer, examples }).prompt.slice(-1);
  const all = [...first, ...own];
  const hasPositions = model instanceof GPT || model instanceof Megabyte;
  const isRow = run.trained !== model;
  const most = isRow && hasPositions ? Math.min(MOST_TOKENS, model.contextSize) : MOST_TOKENS;
  const tokens = all.slice(-most);
  const targets = [...tokens.slice(1), isLine ? begin : -1];
  const T = model.contextSize;
  const rows = isRow
    ? [tokens]
    : tokens.map((_, i) => {
        const seen = all.slice(0, all.length - tokens.length + i + 1).slice(-T);
        return [...Array.from({ length: T - seen.length }, () => first[0]), ...seen];
      });
  return { form: isRow ? 'row' : 'windows', isCut: all.length > most, tokens, targets, rows };
}

/** The line as a batch; where there is no target the token itself stands, which a look at activations doesn't mind. */
const batchOf = ({ rows, targets, tokens }: LineTokens): Batch => ({
  size: rows.length,
  contextSize: rows[0].length,
  inputs: Int32Array.from(rows.flat()),
  targets: Int32Array.from(targets, (target, i) => (target === -1 ? tokens[i] : target)),
});

/** `[N, V]`: the scores of each target of a batch, as in an evaluation. */
export function scoresOf(
  run: Run,
  { inputs, size, contextSize }: Pick<Batch, 'inputs' | 'size' | 'contextSize'>,
): ArrayLike<number> {
  const scores = interpret((tokens: Parameters<Run['trained']['logits']>[0]) =>
    run.trained.logits(tokens, 'evaluation'),
  );
  const found = scores.read({ values: inputs, shape: [size, contextSize] });
  scores.dispose();
  return found;
}

/** What is seen at each position of a line, and what the model makes of it. */
export function seenLine(run: Run, line: string): SeenLine {
  const read = readLine(run, line);
  const { tokenizer } = run.data;
  const V = tokenizer.vocabSize;
  const scores = Float32Array.from(scoresOf(run, batchOf(read)));
  const write = (tokens: readonly number[]): string[] => writeTokens(tokens, tokenizer);
  // A recurrent state keeps all that was read.
  const reach = run.model instanceof RecurrentNetwork ? Infinity : run.model.contextSize;
  const positions = read.tokens.map((_, i): SeenPosition => {
    const probabilities = tokenProbabilities(scores.subarray(i * V, (i + 1) * V));
    const best = Array.from(probabilities.keys())
      .sort((a, b) => probabilities[b] - probabilities[a])
      .slice(0, GUESSES);
    const texts = write(best);
    const target = read.targets[i];
    const seen = read.form === 'windows' ? read.rows[i] : read.tokens.slice(0, i + 1);
    return {
      seen: write(seen.slice(-reach)),
      target: target === -1 ? undefined : write([target])[0],
      probability: target === -1 ? NaN : probabilities[target],
      guesses: best.map((token, at) => ({ text: texts[at], probability: probabilities[token] })),
    };
  });
  return { texts: write(read.tokens), isCut: read.isCut, form: read.form, positions };
}
