import { writeTokens } from '@llm101/data';
import { type NextTokenScores, type ProbabilityOptions, tokenProbabilities } from '@llm101/models';
import { type SampledModel, samplePrompt, UserError } from '@llm101/runs';
import { encodePrompt } from './encode-prompt.js';
import { plainScores, type UseOptions } from './plain-scores.js';
import { lanesOf, partsOf, summaryOf, surpriseOf } from './surprise.js';
import type { Surprise, TokenSurprise } from './surprise.js';

/** A token that may come next. */
export interface NextToken {
  readonly token: number;
  /** How it is written: its characters, a byte that is none by itself as `<0xE2>`, the end of a line by its symbol. */
  readonly text: string;
  /** Whether it ends a line. */
  readonly isEnd: boolean;
  /** What the model gives it. */
  readonly probability: number;
  /** What it is drawn with: what temperature, topK and topP make of that. */
  readonly drawn: number;
}

/** What {@link Predictor.next} predicts. */
export interface NextOptions extends ProbabilityOptions {
  /** Tokens that have been drawn after the text. Default: none. */
  readonly drawn?: readonly number[];
}

/** How {@link Predictor.surprise} goes about it. */
export interface SurpriseOptions {
  /**
   * Awaited after each call of the model, with the tokens that are done and how many there are: for progress, to let others
   * have the thread, or to end it by an error.
   */
  readonly between?: (done: number, all: number) => Promise<void> | undefined;
}

/** Rows that are read at once. */
const MOST_ROWS = 32;

/**
 * A model that predicts a text as one types it: what it is compiled to is kept from one call to the next. To be disposed of,
 * which leaves the model.
 */
export class Predictor {
  readonly #saved: SampledModel;
  readonly #options: UseOptions;
  #one: NextTokenScores | undefined;
  #many: NextTokenScores | undefined;

  constructor(saved: SampledModel, options: UseOptions = {}) {
    this.#saved = saved;
    this.#options = options;
  }

  /** The model's scores of one context at a time; `drawText` takes them. */
  get scores(): NextTokenScores {
    return (this.#one ??= this.#scoresOf(1));
  }

  /**
   * What may follow a text, the likeliest first. To a model of lines the last line is the text.
   *
   * @throws UserError when the text has a character that the model doesn't know, or the model gives NaN; RangeError when an option
   * is out of range
   */
  next(text: string, { drawn: after = [], ...options }: NextOptions = {}): NextToken[] {
    const { tokenizer, examples } = this.#saved;
    const read = examples === 'lines' ? text.slice(text.lastIndexOf('\n') + 1) : text;
    const own = [...encodePrompt(read, tokenizer, 'text'), ...after];
    const { prompt, endToken } = samplePrompt(this.#saved, own);
    const logits = checked(this.scores.read([prompt]));
    const probabilities = tokenProbabilities(logits);
    const drawn = tokenProbabilities(logits, options);
    const texts = writeTokens(probabilities.keys(), tokenizer);
    return Array.from(probabilities, (probability, token) => ({
      token,
      text: texts[token],
      isEnd: token === endToken,
      probability,
      drawn: drawn[token],
    })).sort((a, b) => b.probability - a.probability || a.token - b.token);
  }

  /**
   * How surprising each part of a text is to the model, given what is before it: in a model of lines since the beginning of the line,
   * whose end is predicted too; else as far as the model sees, half of that at least. A character that it doesn't know has no
   * probability, and hides what is before it.
   *
   * @throws UserError when the model gives NaN
   */
  async surprise(text: string, { between }: SurpriseOptions = {}): Promise<Surprise> {
    const { model } = this.#saved;
    const parts = partsOf(text, this.#saved);
    const lanes = lanesOf(parts, this.#saved);
    const all = lanes.reduce((sum, { targets }) => sum + targets.length, 0);
    const tokens: TokenSurprise[][][] = [];
    let done = 0;
    const most = Math.min(MOST_ROWS, model.streamRows ?? MOST_ROWS);
    const rows = Math.min(most, 2 ** Math.ceil(Math.log2(Math.max(lanes.length, 1))));
    for (let first = 0; first < lanes.length; first += rows) {
      const some = lanes.slice(first, first + rows);
      const contexts = some.map(({ context }) => [...context]);
      const found = some.map((): TokenSurprise[] => []);
      const longest = some.reduce((most, { targets }) => Math.max(most, targets.length), 0);
      for (let i = 0; i < longest; i++) {
        const open = some.map(({ targets }) => i < targets.length);
        const scores = this.#rows(rows).read(contexts.map((c, row) => (open[row] ? c : undefined)));
        for (const [row, { targets }] of some.entries()) {
          if (!open[row]) continue;
          const V = model.vocabSize;
          const logits = checked(scores.subarray(row * V, (row + 1) * V));
          found[row].push(surpriseOf(logits, targets[i]));
          contexts[row].push(targets[i]);
        }
        done += open.filter(Boolean).length;
        await between?.(done, all);
      }
      tokens.push(found);
    }
    return summaryOf(parts, tokens.flat(2));
  }

  /** To be called when the model has changed, as by training: of some models copies of parameters are kept. */
  changed(): void {
    if (this.#saved.model.streamCopies === true) this.dispose();
  }

  /** Frees what it made, not the model. It can be used again, and is then to be disposed of again. */
  dispose(): void {
    this.#one?.dispose();
    this.#many?.dispose();
    this.#one = undefined;
    this.#many = undefined;
  }

  #rows(rows: number): NextTokenScores {
    if (this.#many?.rows !== rows) {
      this.#many?.dispose();
      this.#many = this.#scoresOf(rows);
    }
    return this.#many;
  }

  #scoresOf(rows: number): NextTokenScores {
    return plainScores(this.#saved.model, { rows, ...this.#options });
  }
}

/** @throws UserError when scores aren't numbers */
function checked(scores: Float32Array): Float32Array {
  if (scores.some(Number.isNaN)) {
    throw new UserError('the model gives NaN; train it again with a lower learning rate');
  }
  return scores;
}
