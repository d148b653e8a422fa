// What our own kernels say of inputs that don't fit.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import * as own from './own-kernels.js';
import { values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

describe('what does not fit is refused', () => {
  const [row, ints] = [() => tf.tensor1d(values(3)), () => tf.tensor1d([0, 1, 5], 'int32')];
  const matrix = (): tf.Tensor => tf.tensor2d(values(6), [3, 2]);
  const sgd = { momentum: 0.9, dampening: 0, nesterov: false, weightDecay: 0 };
  const state = (): own.State => ({
    parameter: row(),
    gradient: row(),
    velocity: row(),
    rate: tf.scalar(1),
    step: tf.scalar(1),
  });
  const refused: [string, () => unknown, string][] = [
    [
      'logits of one axis',
      () => own.softmaxCrossEntropy(row(), ints()),
      'SoftmaxCrossEntropy: logits must be float32 [N, V] with V of at least 1, targets int32 [N]; got logits float32 [3], targets int32 [3]',
    ],
    [
      'a target out of range',
      () => own.softmaxCrossEntropy(matrix(), ints()),
      'SoftmaxCrossEntropy: the index value 5 is not in [0, 1]',
    ],
    [
      'another axis',
      () => tf.engine().runKernel('LogSoftmax', { logits: matrix() }, { axis: 0 }),
      'LogSoftmax: axis must be the last one, 1; got 0',
    ],
    [
      'a weight of another length',
      () => own.layerNorm(matrix(), row(), row()),
      'LayerNorm: x must be float32 [..., C] with C of at least 1, weight and bias float32 [C]; got x float32 [3,2], weight float32 [3]',
    ],
    [
      'a negative epsilon',
      () => own.layerNorm(row(), row(), row(), -1),
      'LayerNorm: epsilon must be a number of at least 0; got -1',
    ],
    [
      'channels that heads do not divide',
      () => own.causalAttention(tf.zeros([1, 2, 4]), tf.zeros([1, 2], 'int32')),
      'CausalAttention: inputs must be qkv float32 [B, T, 12 d] with d of at least 1, starts int32 [B, T]; got qkv float32 [1,2,4], starts int32 [1,2]',
    ],
    [
      'half a head',
      () => own.causalAttention(tf.zeros([1, 2, 9]), tf.zeros([1, 2], 'int32'), 1.5),
      'CausalAttention: heads must be a whole number of at least 1, and kvHeads one that divides it; got 1.5 and 1.5',
    ],
    [
      'heads that those of keys do not divide',
      () => own.causalAttention(tf.zeros([1, 2, 10]), tf.zeros([1, 2], 'int32'), 3, 2),
      'CausalAttention: heads must be a whole number of at least 1, and kvHeads one that divides it; got 3 and 2',
    ],
    [
      'attention with a counter of float32',
      () => own.droppingAttention(tf.zeros([1, 2, 12]), tf.scalar(1)),
      'CausalAttentionDropout: counter must be an int32 scalar; got counter float32 []',
    ],
    [
      'keys that are kept of other channels',
      () =>
        own.cachedAttention({
          query: tf.zeros([1, 1, 3]),
          keys: tf.zeros([1, 5, 2]),
          values: tf.zeros([1, 5, 2]),
          positions: tf.zeros([1, 1], 'int32'),
        }),
      'CachedAttention: query must be float32 [B, 1, heads d], keys and values float32 [B, T, kvHeads d], positions int32 [B, 1], kvHeads a divisor of heads; got query float32 [1,1,3]',
    ],
    [
      'rows of another width',
      () => own.writeRows(tf.zeros([2, 3, 4]), tf.zeros([2, 1, 5]), tf.zeros([2, 1], 'int32')),
      'WriteRows: x must be [B, T, ...], rows [B, n, ...] of its type, positions int32 [B, n]; got x float32 [2,3,4]',
    ],
    [
      'an odd number of channels in a head',
      () => own.rotaryPositions(tf.zeros([1, 2, 3]), tf.zeros([2], 'int32'), tf.zeros([4, 3])),
      'RotaryPositions: x must be float32 [B, T, heads d], rotations float32 [length, d] with an even d, positions int32 [B, T] or [T]; got x float32 [1,2,3]',
    ],
    [
      'a position without a rotation',
      () =>
        own.rotaryPositions(tf.zeros([1, 2, 4]), tf.tensor1d([0, 5], 'int32'), tf.zeros([5, 4])),
      'RotaryPositions: the index value 5 is not in [0, 4]',
    ],
    [
      'a gate of another shape',
      () => own.swiglu(row(), matrix()),
      'SwiGLU: gate and x must be float32 of one shape; got gate float32 [3], x float32 [3,2]',
    ],
    [
      'an odd number of channels',
      () => own.gatedActivation(row()),
      'GatedActivation: x must be float32 [..., 2 C] with C of at least 1; got x float32 [3]',
    ],
    [
      'a state of another width',
      () => own.gruCell(matrix(), matrix(), matrix()),
      'GRUCell: state must be float32 [B, H], input and hidden float32 [B, 3 H]; got input float32 [3,2]',
    ],
    [
      'a cell of another width',
      () => own.lstmCell(matrix(), matrix()),
      'LSTMCell: cell must be float32 [B, H], x float32 [B, 4 H]; got x float32 [3,2]',
    ],
    ['integers', () => own.gelu(ints(), 'none'), 'Gelu: x must be float32; got x int32 [3]'],
    [
      'an unknown form',
      () => tf.engine().runKernel('Gelu', { x: row() }, { approximate: 'exact' }),
      "Gelu: approximate must be 'none' or 'tanh'; got exact",
    ],
    [
      'a rate of 1',
      () => own.seededDropout(row(), tf.scalar(0, 'int32'), 1),
      'SeededDropout: rate must be from 0 to below 1; got 1',
    ],
    [
      'a negative seed',
      () => own.seededDropout(row(), tf.scalar(0, 'int32'), 0.5, -1),
      'SeededDropout: seed must be a whole number from 0 to 2^32 - 1; got -1',
    ],
    [
      'a counter of float32',
      () => own.seededDropout(row(), tf.scalar(0)),
      'SeededDropout: counter must be an int32 scalar; got counter float32 []',
    ],
    [
      'shapes that differ',
      () => own.momentumUpdate({ ...state(), velocity: matrix() }, sgd),
      'MomentumUpdate: parameter, gradient, velocity must be float32 of one shape, rate, step float32 scalars; got parameter float32 [3]',
    ],
    [
      'a momentum that is no number',
      () => own.momentumUpdate(state(), { ...sgd, momentum: NaN }),
      'MomentumUpdate: momentum must be a number of at least 0; got NaN',
    ],
    [
      'a flag that is none',
      () => own.momentumUpdate(state(), { ...sgd, nesterov: 1 }),
      'MomentumUpdate: nesterov must be true or false; got 1',
    ],
    [
      'a share that is no scalar',
      () =>
        own.scheduleFreeUpdate(
          { ...state(), z: row(), second: row(), share: row() },
          { beta1: 0.9, beta2: 0.9, epsilon: 0, weightDecay: 0 },
        ),
      'ScheduleFreeUpdate: parameter, gradient, z, second must be float32 of one shape, rate, step, share float32 scalars; got',
    ],
    [
      'an input that is not there',
      () => own.adamUpdate(state(), sgd),
      'AdamUpdate: inputs must be parameter, gradient, first, second, rate, step; got no first',
    ],
  ];
  it.each(refused)('%s', (_, call, message) => {
    expect(() => tf.tidy(() => void call())).toThrow(message);
  });
});
