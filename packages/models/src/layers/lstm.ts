import {
  add,
  mul,
  reshape,
  sigmoid,
  split,
  stack,
  tanh,
  unstack,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkChannels, checkSizes } from '../checks.js';
import { uniformParameter } from '../init.js';
import { Module } from '../module.js';
import { runFusedAll } from './fused-kernel.js';
import { affine } from './linear.js';

/** What an {@link LSTM} carries from one position to the next, `[B, H]` each. */
export interface LSTMState {
  /** h: what the next layer reads. */
  readonly hidden: Tensor2D;
  /** c: what is remembered. */
  readonly cell: Tensor2D;
}

/** What an {@link LSTM} computes on the way from one state to the next, `[B, H]` each. */
export interface LSTMGates {
  /** i, the input gate: how much of the candidate is added. */
  readonly input: Tensor2D;
  /** f, the forget gate: how much of the cell is kept. */
  readonly forget: Tensor2D;
  /** g, the candidate: the new values. */
  readonly candidate: Tensor2D;
  /** o, the output gate: how much of the cell is read. */
  readonly output: Tensor2D;
}

/**
 * Long short-term memory: a cell that each position reads, forgets in part and adds to, `nn.LSTM(inputSize, hiddenSize,
 * batch_first=True)` of one layer, with its initialisation. From a position x and what is before it, h and c, come
 *
 *     i = σ(W_ii x + b_ii + W_hi h + b_hi)     how much of the new values is added
 *     f = σ(W_if x + b_if + W_hf h + b_hf)     how much of the cell stays
 *     g = tanh(W_ig x + b_ig + W_hg h + b_hg)  the new values
 *     o = σ(W_io x + b_io + W_ho h + b_ho)     how much of the cell is seen
 *     c' = f c + i g,  h' = o tanh(c')
 *
 * with the rows of each parameter in the order i, f, g, o.
 *
 * Source: Hochreiter and Schmidhuber (1997), https://doi.org/10.1162/neco.1997.9.8.1735
 */
export class LSTM extends Module {
  // Names of fields are names in files, so these are PyTorch's.
  /** `[4 H, in]` */
  readonly weight_ih_l0: Variable<Rank.R2>;
  /** `[4 H, H]` */
  readonly weight_hh_l0: Variable<Rank.R2>;
  /** `[4 H]` */
  readonly bias_ih_l0: Variable<Rank.R1>;
  /** `[4 H]` */
  readonly bias_hh_l0: Variable<Rank.R1>;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(inputSize: number, hiddenSize: number, generator: Generator) {
    super();
    checkSizes('LSTM', { inputSize, hiddenSize });
    this.weight_ih_l0 = uniformParameter([4 * hiddenSize, inputSize], hiddenSize, generator);
    this.weight_hh_l0 = uniformParameter([4 * hiddenSize, hiddenSize], hiddenSize, generator);
    this.bias_ih_l0 = uniformParameter([4 * hiddenSize], hiddenSize, generator);
    this.bias_hh_l0 = uniformParameter([4 * hiddenSize], hiddenSize, generator);
  }

  /** H: numbers in the state. */
  get hiddenSize(): number {
    return this.weight_hh_l0.shape[1];
  }

  /**
   * The hidden states after each position, from zeros on.
   *
   * @param x - `[B, T, in]`
   * @param kept - `[B, T, 1]`, what hidden state and cell are multiplied by before a position reads them: 0 where a sequence
   * begins, 1 where it continues; default: 1 everywhere
   * @returns `[B, T, H]`
   * @throws RangeError when the last axis isn't `in` long
   */
  forward(x: Tensor3D, kept?: Tensor3D): Tensor3D {
    checkChannels('LSTM', x, this.weight_ih_l0.shape[1]);
    const [B, T, C] = x.shape;
    const inputs = reshape<Rank.R3>(this.#read(reshape(x, [B * T, C])), [B, T, -1]); // [B, T, 4 H]
    const steps = unstack(inputs, 1) as Tensor2D[]; // T of [B, 4 H]
    const factors = kept === undefined ? undefined : (unstack(kept, 1) as Tensor2D[]); // T of [B, 1]
    const nothing = zeros<Rank.R2>([B, this.hiddenSize]);
    let state: LSTMState = { hidden: nothing, cell: nothing };
    const states = steps.map((step, t) => {
      state = this.#advance(step, factors === undefined ? state : scale(state, factors[t]));
      return state.hidden; // [B, H]
    });
    return stack(states, 1) as Tensor3D; // [B, T, H]
  }

  /**
   * The state after one position: `nn.LSTMCell`.
   *
   * @param x - `[B, in]`
   */
  next(x: Tensor2D, state: LSTMState): LSTMState {
    checkChannels('LSTM', x, this.weight_ih_l0.shape[1]);
    return this.#advance(this.#read(x), state);
  }

  /**
   * The gates that make {@link next} of a state.
   *
   * @param x - `[B, in]`
   */
  gates(x: Tensor2D, { hidden }: LSTMState): LSTMGates {
    checkChannels('LSTM', x, this.weight_ih_l0.shape[1]);
    return gatesOf(
      add<Tensor2D>(this.#read(x), affine(hidden, this.weight_hh_l0, this.bias_hh_l0)),
    );
  }

  override summary(): string {
    return `${this.weight_ih_l0.shape[1]}, ${this.hiddenSize}, batch_first=True`;
  }

  /** What inputs contribute to the gates, `[N, in]` to `[N, 4 H]`. */
  #read(x: Tensor2D): Tensor2D {
    return affine(x, this.weight_ih_l0, this.bias_ih_l0);
  }

  #advance(input: Tensor2D, { hidden, cell }: LSTMState): LSTMState {
    const gates = add<Tensor2D>(input, affine(hidden, this.weight_hh_l0, this.bias_hh_l0)); // [B, 4 H]
    const fused = runFusedAll({ name: 'LSTMCell', inputs: { x: gates, cell }, attrs: {} });
    if (fused !== undefined) {
      const [next, kept] = fused as Tensor2D[];
      return { hidden: next, cell: kept };
    }
    const { input: i, forget, candidate, output } = gatesOf(gates);
    const kept = add<Tensor2D>(mul(forget, cell), mul(i, candidate));
    return { hidden: mul<Tensor2D>(output, tanh(kept)), cell: kept };
  }
}

/** @param gates - `[B, 4 H]`, before their functions */
function gatesOf(gates: Tensor2D): LSTMGates {
  const [i, f, g, o] = split<Tensor2D>(gates, 4, 1); // [B, H] each
  return { input: sigmoid(i), forget: sigmoid(f), candidate: tanh(g), output: sigmoid(o) };
}

const scale = ({ hidden, cell }: LSTMState, factor: Tensor2D): LSTMState => ({
  hidden: mul<Tensor2D>(hidden, factor),
  cell: mul<Tensor2D>(cell, factor),
});
