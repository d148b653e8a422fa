import { scalar, tensor, tidy, zeros, mul } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D } from '@tensorflow/tfjs-core';
import { wholeTokens } from './checks.js';
import { LSTM, type LSTMState } from './layers/lstm.js';
import type { RecurrentNetwork } from './networks/recurrent-network.js';

/** What a recurrent layer has in mind after each position of a text, and the gates that made it so. */
export interface RecurrentLayerStates {
  readonly cell: 'gru' | 'lstm';
  /** H: numbers of a state. */
  readonly hiddenSize: number;
  /**
   * `[T, H]` each, row-major, by name: `hidden`, what the next layer reads, and `candidate`, the new values; of a GRU its gates `reset` and
   * `update`; of an LSTM `cell`, what is remembered, and the gates `input`, `forget` and `output`. See `GRUGates` and `LSTMGates`.
   */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * What each layer of a recurrent network makes of a text, position by position, as in an evaluation.
 *
 * @param tokens - T of them, at least one, one text as the model reads it: token 0 first where that begins a text
 * @returns the layers in their order
 * @throws RangeError when there is no token, or one isn't a whole number from 0 on; and what the model throws
 */
export function recurrentStates(
  model: RecurrentNetwork,
  tokens: ArrayLike<number>,
): RecurrentLayerStates[] {
  const T = tokens.length;
  if (T === 0) throw new RangeError('recurrentStates: there must be at least one token; got none');
  const numbers = wholeTokens('recurrentStates', tokens);
  let layers: RecurrentLayerStates[] = [];
  tidy(() => {
    const row = tensor<Rank.R2>(numbers, [1, T], 'int32');
    let inputs = rowsOf(model.embedding.forward(row).dataSync<'float32'>(), T);
    layers = model.rnn.layers.map((layer) => {
      const H = layer.hiddenSize;
      const values = new Map<string, Float32Array>();
      const keep = (name: string, t: number, found: Tensor2D): void => {
        let kept = values.get(name);
        if (kept === undefined) values.set(name, (kept = new Float32Array(T * H)));
        kept.set(found.dataSync<'float32'>(), t * H);
      };
      const nothing = zeros<Rank.R2>([1, H]);
      let state: LSTMState = { hidden: nothing, cell: nothing };
      for (let t = 0; t < T; t++) {
        const x = tensor<Rank.R2>(inputs[t], [1, inputs[t].length]);
        const kept = scalar(model.padsContexts && tokens[t] === 0 ? 0 : 1); // token 0 begins anew
        const before = {
          hidden: mul<Tensor2D>(state.hidden, kept),
          cell: mul<Tensor2D>(state.cell, kept),
        };
        if (layer instanceof LSTM) {
          for (const [name, gate] of Object.entries(layer.gates(x, before))) keep(name, t, gate);
          state = layer.next(x, before);
          keep('cell', t, state.cell);
        } else {
          for (const [name, gate] of Object.entries(layer.gates(x, before.hidden)))
            keep(name, t, gate);
          state = { hidden: layer.next(x, before.hidden), cell: nothing };
        }
        keep('hidden', t, state.hidden);
      }
      inputs = rowsOf(values.get('hidden') ?? new Float32Array(), T);
      return { cell: layer instanceof LSTM ? 'lstm' : 'gru', hiddenSize: H, values };
    });
  });
  return layers;
}

/** The rows of `[T, C]`. */
function rowsOf(values: Float32Array, T: number): Float32Array[] {
  const C = values.length / T;
  return Array.from({ length: T }, (_, t) => values.slice(t * C, (t + 1) * C));
}
