import { tensor, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkSizes } from '../checks.js';
import type { LanguageModel, TokenStream } from '../language-model.js';

/** A function from tokens to scores that is called many times. */
export interface CompiledScores {
  /** Scores as values, `[B, V]` row-major, of int32 inputs as values. */
  read(...inputs: { readonly values: Int32Array; readonly shape: number[] }[]): ArrayLike<number>;
  /** Frees what it holds. */
  dispose(): void;
}

/** Makes a function of tokens fast; `compile` of `@llm101/wasm` is one. */
export type Compile = (
  step: (...inputs: Tensor[]) => Tensor2D,
  settings?: {
    /** How often to see whether what the function captures has changed: not for each token. */
    readonly rehearse: 'sometimes';
  },
) => CompiledScores;

/** Settings of {@link nextTokenScores}. */
export interface NextTokenScoresOptions {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
  /** How the model is run. Default: every operation by itself. */
  readonly compile?: Compile | undefined;
}

/** Scores the tokens that may follow contexts. */
export interface NextTokenScores {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
  /**
   * A model with a stream reads only the last token of each context where each is the array of the last call in the same row, one
   * token longer, and no longer than the stream's capacity; else all of them again.
   *
   * @param contexts - at most `rows`, of any lengths; undefined for a row that isn't needed. The model sees the last T tokens,
   * token 0 alone where there are none. A token that it doesn't know, from V on, hides what is before it
   * @returns `[rows, V]`, unnormalised log-probabilities, valid until the next call; of rows without a context they mean
   * nothing
   * @throws RangeError when there are more contexts than rows, or the model doesn't give V scores for each
   */
  read(contexts: readonly (readonly number[] | undefined)[]): Float32Array;
  /** Frees what it made, not the model. */
  dispose(): void;
}

/** Windows that a compiled model reads at once: few, as a batch is filled up with padding when sequences have ended. */
const WINDOWS = 32;

/**
 * A scorer of what comes next, by the fastest path that a model has: token by token where it has a stream, with its current
 * parameters; else the last T tokens of each context, filled on the left with token 0 where the model says so
 * (`padsContexts`) and as short as they are where it doesn't. A compiled function always gets as many rows, so that it is
 * recorded once for each length that there is.
 *
 * @throws RangeError when `rows` isn't a whole number of at least 1
 */
export function nextTokenScores(
  model: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  checkSizes('nextTokenScores', { rows });
  const { streamRows = rows } = model;
  const stream = rows <= streamRows ? model.stream?.(rows) : undefined;
  return stream === undefined
    ? windowScores(model, { rows, compile })
    : new StreamScores(stream, model, { rows, compile });
}

function windowScores(
  model: LanguageModel,
  { rows, compile }: NextTokenScoresOptions,
): NextTokenScores {
  const { contextSize: T, vocabSize: V, padsContexts = false } = model;
  const most = compile === undefined ? rows : Math.min(rows, WINDOWS);
  const scores = (compile ?? interpret)((tokens) => model.logits(tokens as Tensor2D), {
    rehearse: 'sometimes',
  });
  const result = new Float32Array(rows * V);
  const windows = new Int32Array(most * T);
  /** How many tokens of a context the model sees. */
  const countSeen = (context: readonly number[]): number => {
    const limit = Math.min(T, context.length);
    let seen = 0;
    while (seen < limit && context[context.length - 1 - seen] < V) seen++;
    return seen;
  };
  /** Scores contexts of which the model sees `width` tokens at most, filled on the left with token 0. */
  const score = (batch: readonly Row[], width: number): void => {
    const size = compile === undefined ? batch.length : most;
    windows.fill(0, 0, size * width);
    for (const [i, { context, seen }] of batch.entries()) {
      const from = context.length - seen;
      for (let k = 0; k < seen; k++) windows[(i + 1) * width - seen + k] = context[from + k];
    }
    const shape = [size, width];
    const values = windows.subarray(0, size * width);
    const found = scores.read({ values, shape });
    if (found.length !== size * V) throw otherScores(found.length, size, V);
    for (const [i, { row }] of batch.entries()) {
      for (let token = 0; token < V; token++) result[row * V + token] = found[i * V + token];
    }
  };
  return {
    rows,
    read(contexts) {
      checkContexts(contexts, rows);
      const groups = new Map<number, Row[]>();
      for (const [row, context] of contexts.entries()) {
        if (context === undefined) continue;
        const seen = countSeen(context);
        const width = padsContexts ? T : Math.max(seen, 1);
        const group = groups.get(width);
        if (group === undefined) groups.set(width, [{ row, context, seen }]);
        else group.push({ row, context, seen });
      }
      for (const [width, group] of groups) {
        for (let first = 0; first < group.length; first += most) {
          score(group.slice(first, first + most), width);
        }
      }
      return result;
    },
    dispose: () => scores.dispose(),
  };
}

/** A context to score, and how many of its tokens, from the last one on, are seen. */
interface Row {
  readonly row: number;
  readonly context: readonly number[];
  readonly seen: number;
}

function checkContexts(contexts: readonly unknown[], rows: number): void {
  if (contexts.length <= rows) return;
  throw new RangeError(
    `nextTokenScores: there must be at most ${rows} contexts; got ${contexts.length}`,
  );
}

const otherScores = (got: number, rows: number, V: number): RangeError =>
  new RangeError(
    `nextTokenScores: the model must give ${V} scores, its vocabSize, for each context; got ${got} for ${rows}`,
  );

/** What a row has read. */
interface Known {
  readonly context: readonly number[] | undefined;
  /** How long the context was. */
  readonly length: number;
  /** The last token that it has read. */
  readonly token: number;
  /** How long its text was up to that. */
  readonly text: number;
}

/** Scores by a stream. */
class StreamScores implements NextTokenScores {
  readonly rows: number;
  readonly #model: LanguageModel;
  readonly #stream: TokenStream;
  readonly #next: CompiledScores;
  readonly #read: CompiledScores | undefined;
  readonly #result: Float32Array;
  #known: readonly Known[] = [];

  constructor(
    stream: TokenStream,
    model: LanguageModel,
    { rows, compile = interpret }: NextTokenScoresOptions,
  ) {
    const settings = { rehearse: 'sometimes' } as const;
    this.rows = rows;
    this.#model = model;
    this.#stream = stream;
    this.#next = compile(
      (tokens, positions) => stream.next(tokens as Tensor1D, positions as Tensor1D),
      settings,
    );
    this.#read = readsTexts(stream)
      ? compile((tokens, lengths) => stream.read(tokens as Tensor2D, lengths as Tensor1D), settings)
      : undefined;
    this.#result = new Float32Array(rows * model.vocabSize);
  }

  read(contexts: readonly (readonly number[] | undefined)[]): Float32Array {
    checkContexts(contexts, this.rows);
    const rows = Array.from({ length: this.rows }, (_, row) => contexts.at(row));
    const continued = rows.map((context, row) => this.#continued(context, this.#known.at(row)));
    if (continued.every((known) => known !== undefined)) {
      this.#known = continued;
      const [tokens, positions] = [continued.map(({ token }) => token), continued.map(positionOf)];
      this.#take(this.#next.read(column(tokens), column(positions)));
    } else {
      const texts = rows.map((context = []) => this.#textOf(context));
      this.#readAnew(texts);
      this.#known = rows.map((context, row) => {
        const { length } = texts[row];
        return {
          context,
          length: context?.length ?? 0,
          token: texts[row][length - 1],
          text: length,
        };
      });
    }
    return this.#result;
  }

  dispose(): void {
    this.#next.dispose();
    this.#read?.dispose();
    this.#stream.dispose();
  }

  get #capacity(): number {
    return this.#stream.capacity ?? Infinity;
  }

  /** What a row knows once it has read one more token; nothing where it has to read more. */
  #continued(context: readonly number[] | undefined, known: Known | undefined): Known | undefined {
    const length = context?.length ?? 0;
    const last = context?.at(-1) ?? 0;
    const isHidden = last >= this.#model.vocabSize;
    const begins = this.#begins && (isHidden || last === 0);
    if (context === undefined || begins) return { context, length, token: 0, text: 1 };
    if (known?.context !== context || known.length !== length - 1) return undefined;
    // A text of nothing has been read as token 0, which isn't part of it where no token begins one.
    const isFirst = length === 1 || context[length - 2] >= this.#model.vocabSize;
    if (isHidden || (isFirst && !this.#begins)) return undefined;
    if (known.text >= this.#capacity) return undefined;
    return { context, length, token: last, text: known.text + 1 };
  }

  /** Whether token 0 begins a text. */
  get #begins(): boolean {
    return this.#model.padsContexts === true;
  }

  /** What is seen of a context: its last tokens, from one that begins a text or hides what is before it. Never nothing. */
  #textOf(context: readonly number[]): readonly number[] {
    const text: number[] = [];
    const most = this.#capacity;
    for (let i = context.length - 1; i >= 0 && text.length < most; i--) {
      const token = context[i];
      if (token >= this.#model.vocabSize || (this.#begins && token === 0)) break;
      text.push(token);
    }
    const isBare = text.length === 0 || (this.#begins && text.length < most);
    return (isBare ? [...text, 0] : text).toReversed();
  }

  #readAnew(texts: readonly (readonly number[])[]): void {
    const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
    if (this.#read === undefined) {
      // Column by column from the back; before a row's text there is a token 0 at position 0.
      for (let back = longest; back > 0; back--) {
        const positions = texts.map(({ length }) => Math.max(length - back, 0));
        const tokens = texts.map((text, row) => (text.length < back ? 0 : text[positions[row]]));
        this.#take(this.#next.read(column(tokens), column(positions)));
      }
      return;
    }
    const width = Math.min(widthOf(longest), this.#capacity);
    const tokens = new Int32Array(this.rows * width);
    for (const [row, text] of texts.entries()) tokens.set(text, (row + 1) * width - text.length);
    const lengths = column(texts.map(({ length }) => length));
    this.#take(this.#read.read({ values: tokens, shape: [this.rows, width] }, lengths));
  }

  #take(found: ArrayLike<number>): void {
    const { vocabSize: V } = this.#model;
    if (found.length !== this.rows * V) throw otherScores(found.length, this.rows, V);
    this.#result.set(found);
  }
}

const readsTexts = (
  stream: TokenStream,
): stream is TokenStream & Pick<Required<TokenStream>, 'read'> => stream.read !== undefined;

const positionOf = ({ text }: Known): number => text - 1;

/** Texts are filled up to one of few widths, as each is recorded by itself: 1, 2, 4, 8, 16, then multiples of 32. */
const widthOf = (length: number): number =>
  length <= 16 ? 2 ** Math.ceil(Math.log2(length)) : Math.ceil(length / 32) * 32;

const column = (values: readonly number[]) => ({
  values: Int32Array.from(values),
  shape: [values.length],
});

/** Runs a function as it is. */
const interpret: Compile = (step) => ({
  read(...inputs) {
    let scores: ArrayLike<number> = [];
    // Nothing is returned from tidy: it would look through every value for tensors.
    tidy(() => {
      const tensors = inputs.map(({ values, shape }) => tensor(values, shape, 'int32'));
      scores = step(...tensors).dataSync(); // bounded: two inputs
    });
    return scores;
  },
  dispose() {},
});
