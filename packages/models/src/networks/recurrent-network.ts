import { cast, gather, minimum, mul, reshape, tidy, variable, zeros } from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkSizes } from '../checks.js';
import type { LanguageModel, Mode, ModelSizes, TokenStream } from '../language-model.js';
import { Dropout } from '../layers/dropout.js';
import { GRU } from '../layers/gru.js';
import { Embedding, Linear } from '../layers/linear.js';
import { lastPosition } from '../layers/look-back.js';
import { LSTM, type LSTMState } from '../layers/lstm.js';
import { Module } from '../module.js';

/** Sizes of a {@link RecurrentNetwork}. */
export interface RecurrentNetworkSizes extends ModelSizes {
  /** How a state follows from the one before: {@link GRU} or {@link LSTM}. */
  readonly cell: 'gru' | 'lstm';
  /** Recurrent layers, each reading the states of the one before; default: 1. */
  readonly layers?: number;
  /** Fraction of each layer's states that what follows doesn't see in training; default: 0. */
  readonly dropout?: number;
  /** Whether token 0 begins a sequence, of which what is before it is no part; default: true. */
  readonly separated?: boolean;
}

/**
 * A recurrent language model: it reads a text token by token into a state, and scores from that what comes next. It scores every
 * position of a row at once. Where token 0 begins a sequence the state is zeros again, so a sequence has the same scores alone,
 * after padding and after another in the same row.
 *
 * Its parameters are named as those of `nn.Embedding`, `nn.GRU` or `nn.LSTM` with as many layers, and `nn.Linear`: `embedding`,
 * `rnn`, `head`. `contextSize` is how far it looks back where it is read in windows; as a stream it keeps all.
 *
 * Source: Mikolov et al. (2010), "Recurrent neural network based language model"
 */
export class RecurrentNetwork extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Where token 0 begins a sequence, padding before it makes no difference. */
  readonly padsContexts: boolean;
  /** `[V, C]`: a vector for each symbol. */
  readonly embedding: Embedding;
  /** The recurrent layers, the first from C numbers to H. */
  readonly rnn: RecurrentStack;
  /** From the last layer's states to the scores. */
  readonly head: Linear;

  /**
   * @param generator - draws the initial values, in the order of the layers
   * @throws RangeError when a size isn't a whole number of at least 1, or dropout isn't from 0 to below 1
   */
  constructor(sizes: RecurrentNetworkSizes, generator: Generator) {
    super();
    const { vocabSize, contextSize, dEmbed, dHidden, separated = true } = sizes;
    checkRecurrentSizes('RecurrentNetwork', sizes);
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.padsContexts = separated;
    this.embedding = new Embedding(vocabSize, dEmbed, generator);
    this.rnn = new RecurrentStack(sizes, generator);
    this.head = new Linear(dHidden, vocabSize, generator);
  }

  /**
   * Scores for the token that follows each row; `T` is free.
   *
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   * @returns `[B, V]`
   */
  logits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    return this.head.forward(lastPosition(this.#states(tokens, mode))); // [B, V]
  }

  /**
   * Scores for the token that follows each position.
   *
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   * @returns `[B, T, V]`
   */
  sequenceLogits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor3D {
    return this.head.forward(this.#states(tokens, mode)); // [B, T, V]
  }

  /** Reads `rows` texts token by token, with the parameters as they are, and keeps the states alone. */
  stream(rows: number): TokenStream {
    return new RecurrentStream(this, rows);
  }

  #states(tokens: Tensor2D, mode: Mode): Tensor3D {
    const [B, T] = tokens.shape;
    const kept = this.padsContexts
      ? reshape<Rank.R3>(minimum(cast(tokens, 'float32'), 1), [B, T, 1]) // 0 where a sequence begins
      : undefined;
    return this.rnn.forward(this.embedding.forward(tokens), kept, mode); // [B, T, H]
  }
}

/** Recurrent layers one after the other, with the names of `nn.GRU` and `nn.LSTM`: `weight_ih_l0`, … of the first. */
export class RecurrentStack extends Module {
  readonly layers: readonly (GRU | LSTM)[];
  readonly dropouts: readonly Dropout[];

  constructor(sizes: RecurrentNetworkSizes, generator: Generator) {
    super();
    const { cell, dEmbed, dHidden, layers = 1, dropout = 0 } = sizes;
    const Layer = { gru: GRU, lstm: LSTM }[cell];
    this.layers = Array.from(
      { length: layers },
      (_, i) => new Layer(i === 0 ? dEmbed : dHidden, dHidden, generator),
    );
    this.dropouts = dropout === 0 ? [] : this.layers.map(() => new Dropout(dropout, generator));
  }

  /** `[B, T, in]` to `[B, T, H]`; see {@link GRU.forward} */
  forward(x: Tensor3D, kept: Tensor3D | undefined, mode: Mode): Tensor3D {
    return this.layers.reduce((input, layer, i) => {
      const states = layer.forward(input, kept);
      return this.dropouts.at(i)?.forward(states, mode) ?? states;
    }, x);
  }

  override summary(): string {
    const [first, ...more] = this.layers;
    return first.summary() + (more.length === 0 ? '' : `, num_layers=${more.length + 1}`);
  }

  protected override fields(): [string, unknown][] {
    const parameters = this.layers.flatMap((layer, i): [string, unknown][] =>
      [...layer.namedParameters()].map(([name, own]) => [name.replace('_l0', `_l${i}`), own]),
    );
    return [...parameters, ['dropouts', this.dropouts]];
  }
}

/** A recurrent model that reads rows of sequences, each from its beginning, and keeps its states. */
class RecurrentStream implements TokenStream {
  readonly #model: RecurrentNetwork;
  /** `[B, H]`, in variables, so that a compiled step continues from them: of each layer the state, of an LSTM the cell too. */
  readonly #states: readonly Variable<Rank.R2>[];

  constructor(model: RecurrentNetwork, rows: number) {
    checkSizes('RecurrentNetwork.stream', { rows });
    this.#model = model;
    this.#states = model.rnn.layers.flatMap((layer) =>
      Array.from({ length: layer instanceof LSTM ? 2 : 1 }, () =>
        tidy(() => variable(zeros<Rank.R2>([rows, layer.hiddenSize]), false)),
      ),
    );
  }

  next(tokens: Tensor1D, positions: Tensor1D): Tensor2D {
    const { embedding, rnn, head, padsContexts } = this.#model;
    const begin = padsContexts ? tokens : positions; // where it is 0
    const kept = reshape<Rank.R2>(minimum(cast(begin, 'float32'), 1), [-1, 1]); // [B, 1]
    let x = gather<Tensor2D>(embedding.weight, tokens); // [B, C]
    let at = 0;
    for (const layer of rnn.layers) {
      if (layer instanceof LSTM) {
        const [hidden, cell] = [this.#states[at++], this.#states[at++]];
        const before: LSTMState = { hidden: mul(hidden, kept), cell: mul(cell, kept) };
        const after = layer.next(x, before);
        hidden.assign(after.hidden);
        cell.assign(after.cell);
        x = after.hidden;
      } else {
        const state = this.#states[at++];
        x = layer.next(x, mul(state, kept));
        state.assign(x);
      }
    }
    return head.forward(x); // [B, V]
  }

  dispose(): void {
    for (const state of this.#states) state.dispose();
  }
}

/**
 * Parameters of {@link RecurrentNetwork}: the embedding `V C`; for each layer G (in + H + 2) H, with G = 3 for a GRU and 4 for an
 * LSTM, the first one's in being C and the others' H; the head `(H + 1) V`.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function recurrentNetworkParameterCount(sizes: RecurrentNetworkSizes): number {
  checkRecurrentSizes('recurrentNetworkParameterCount', sizes);
  const { cell, vocabSize: V, dEmbed: C, dHidden: H, layers = 1 } = sizes;
  const gates = { gru: 3, lstm: 4 }[cell];
  const recurrent = gates * H * (C + H + 2 + (layers - 1) * (2 * H + 2));
  return V * C + recurrent + (H + 1) * V;
}

function checkRecurrentSizes(where: string, sizes: RecurrentNetworkSizes): void {
  const { cell, vocabSize, contextSize, dEmbed, dHidden, layers = 1 } = sizes;
  checkSizes(where, { vocabSize, contextSize, dEmbed, dHidden, layers });
  if (cell !== 'gru' && cell !== 'lstm') {
    throw new RangeError(`${where}: cell must be 'gru' or 'lstm'; got '${String(cell)}'`);
  }
}
