import {
  add,
  mul,
  reshape,
  sigmoid,
  split,
  stack,
  sub,
  tanh,
  unstack,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkChannels, checkSizes } from '../checks.js';
import { uniformParameter } from '../init.js';
import { Module } from '../module.js';
import { runFused } from './fused-kernel.js';
import { affine } from './linear.js';

/** What a {@link GRU} computes on the way from one state to the next, `[B, H]` each. */
export interface GRUGates {
  /** r, the reset gate: how much of the state the candidate sees. */
  readonly reset: Tensor2D;
  /** z, the update gate, as PyTorch has it: how much of the state is kept. */
  readonly update: Tensor2D;
  /** n, the candidate: the new values. */
  readonly candidate: Tensor2D;
}

/**
 * Gated recurrent units: a state that each position reads and updates, `nn.GRU(inputSize, hiddenSize,
 * batch_first=True)` of one layer, with its initialisation. From a position x and the state h before it come
 *
 *     r = σ(W_ir x + b_ir + W_hr h + b_hr)         how much of the state the new values see
 *     z = σ(W_iz x + b_iz + W_hz h + b_hz)         how much of the state stays
 *     n = tanh(W_in x + b_in + r (W_hn h + b_hn))  the new values
 *     h' = (1 - z) n + z h
 *
 * with the rows of each parameter in the order r, z, n.
 *
 * Source: Cho et al. (2014), https://arxiv.org/abs/1406.1078
 */
export class GRU extends Module {
  // Names of fields are names in files, so these are PyTorch's.
  /** `[3 H, in]` */
  readonly weight_ih_l0: Variable<Rank.R2>;
  /** `[3 H, H]` */
  readonly weight_hh_l0: Variable<Rank.R2>;
  /** `[3 H]` */
  readonly bias_ih_l0: Variable<Rank.R1>;
  /** `[3 H]` */
  readonly bias_hh_l0: Variable<Rank.R1>;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(inputSize: number, hiddenSize: number, generator: Generator) {
    super();
    checkSizes('GRU', { inputSize, hiddenSize });
    this.weight_ih_l0 = uniformParameter([3 * hiddenSize, inputSize], hiddenSize, generator);
    this.weight_hh_l0 = uniformParameter([3 * hiddenSize, hiddenSize], hiddenSize, generator);
    this.bias_ih_l0 = uniformParameter([3 * hiddenSize], hiddenSize, generator);
    this.bias_hh_l0 = uniformParameter([3 * hiddenSize], hiddenSize, generator);
  }

  /** H: numbers in the state. */
  get hiddenSize(): number {
    return this.weight_hh_l0.shape[1];
  }

  /**
   * The states after each position, from a state of zeros on.
   *
   * @param x - `[B, T, in]`
   * @param kept - `[B, T, 1]`, what the state is multiplied by before a position reads it: 0 where a sequence begins, 1
   * where it continues; default: 1 everywhere
   * @returns `[B, T, H]`
   * @throws RangeError when the last axis isn't `in` long
   */
  forward(x: Tensor3D, kept?: Tensor3D): Tensor3D {
    checkChannels('GRU', x, this.weight_ih_l0.shape[1]);
    const [B, T, C] = x.shape;
    const inputs = reshape<Rank.R3>(this.#read(reshape(x, [B * T, C])), [B, T, -1]); // [B, T, 3 H]
    const steps = unstack(inputs, 1) as Tensor2D[]; // T of [B, 3 H]
    const factors = kept === undefined ? undefined : (unstack(kept, 1) as Tensor2D[]); // T of [B, 1]
    let state: Tensor2D = zeros<Rank.R2>([B, this.hiddenSize]);
    const states = steps.map((step, t) => {
      const before = factors === undefined ? state : mul<Tensor2D>(state, factors[t]);
      state = this.#advance(step, before);
      return state; // [B, H]
    });
    return stack(states, 1) as Tensor3D; // [B, T, H]
  }

  /**
   * The state after one position: `nn.GRUCell`.
   *
   * @param x - `[B, in]`
   * @param state - `[B, H]`
   * @returns `[B, H]`
   */
  next(x: Tensor2D, state: Tensor2D): Tensor2D {
    checkChannels('GRU', x, this.weight_ih_l0.shape[1]);
    return this.#advance(this.#read(x), state);
  }

  /**
   * The gates that make {@link next} of a state.
   *
   * @param x - `[B, in]`
   * @param state - `[B, H]`
   */
  gates(x: Tensor2D, state: Tensor2D): GRUGates {
    checkChannels('GRU', x, this.weight_ih_l0.shape[1]);
    return gatesOf(this.#read(x), affine(state, this.weight_hh_l0, this.bias_hh_l0));
  }

  override summary(): string {
    return `${this.weight_ih_l0.shape[1]}, ${this.hiddenSize}, batch_first=True`;
  }

  /** What inputs contribute to the gates, `[N, in]` to `[N, 3 H]`. */
  #read(x: Tensor2D): Tensor2D {
    return affine(x, this.weight_ih_l0, this.bias_ih_l0);
  }

  #advance(input: Tensor2D, state: Tensor2D): Tensor2D {
    const fromState = affine(state, this.weight_hh_l0, this.bias_hh_l0); // [B, 3 H]
    const inputs = { input, hidden: fromState, state };
    const fused = runFused({ name: 'GRUCell', inputs, attrs: {} }) as Tensor2D | undefined;
    if (fused !== undefined) return fused;
    const { update, candidate } = gatesOf(input, fromState);
    return add(candidate, mul(update, sub(state, candidate))); // (1 - z) n + z h, as PyTorch computes it
  }
}

function gatesOf(input: Tensor2D, fromState: Tensor2D): GRUGates {
  const [xr, xz, xn] = split<Tensor2D>(input, 3, 1); // [B, H] each
  const [hr, hz, hn] = split<Tensor2D>(fromState, 3, 1); // [B, H] each
  const reset = sigmoid<Tensor2D>(add(xr, hr));
  return {
    reset,
    update: sigmoid<Tensor2D>(add(xz, hz)),
    candidate: tanh<Tensor2D>(add(xn, mul(reset, hn))),
  };
}
