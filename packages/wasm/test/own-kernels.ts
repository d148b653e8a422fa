import { engine, zeros, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

/** Runs a kernel by its name, as the packages that must not import this one do. */
const run = (name: string, inputs: Record<string, Tensor>, attrs: NamedAttrMap = {}): Tensor[] =>
  [engine().runKernel(name, inputs, attrs)].flat();

/** Losses and probabilities. */
export const softmaxCrossEntropy = (logits: Tensor, targets: Tensor): Tensor[] =>
  run('SoftmaxCrossEntropy', { logits, targets });

export const logSoftmax = (logits: Tensor): Tensor =>
  run('LogSoftmax', { logits }, { axis: logits.rank - 1 })[0];

/** y, means, inverse deviations. */
export const layerNorm = (x: Tensor, weight: Tensor, bias: Tensor, epsilon = 1e-5): Tensor[] =>
  run('LayerNorm', { x, weight, bias }, { epsilon });

/** y, inverses of root mean squares. */
export const rmsNorm = (x: Tensor, weight: Tensor, epsilon = 1e-5): Tensor[] =>
  run('RMSNorm', { x, weight }, { epsilon });

/** Of one head. */
export const cachedAttention = (inputs: Record<string, Tensor>): Tensor =>
  run('CachedAttention', inputs, { heads: 1, kvHeads: 1 })[0];

export const writeRows = (x: Tensor, rows: Tensor, positions: Tensor): Tensor =>
  run('WriteRows', { x, rows, positions })[0];

export const swiglu = (gate: Tensor, x: Tensor): Tensor => run('SwiGLU', { gate, x })[0];

export const squaredRelu = (x: Tensor): Tensor => run('SquaredRelu', { x })[0];

export const rotaryPositions = (x: Tensor, positions: Tensor, rotations: Tensor): Tensor =>
  run('RotaryPositions', { x, positions, rotations }, { back: false })[0];

/** Of four heads, two of them on the same keys and values: y, logarithms of denominators. */
export const separateAttention = (
  query: Tensor,
  key: Tensor,
  value: Tensor,
  starts: Tensor,
): Tensor[] => run('SeparateAttention', { query, key, value, starts }, { heads: 4, kvHeads: 2 });

/** y, logarithms of denominators. */
export const causalAttention = (
  qkv: Tensor,
  starts: Tensor,
  heads = 4,
  kvHeads = heads,
): Tensor[] => run('CausalAttention', { qkv, starts }, { heads, kvHeads });

/** The same of whole rows, with dropout of the probabilities. */
export const droppingAttention = (qkv: Tensor, counter: Tensor, heads = 4): Tensor[] => {
  const starts = zeros(qkv.shape.slice(0, 2), 'int32');
  const attrs = { heads, rate: 0.3, seed: 0xdeadbeef };
  return run('CausalAttentionDropout', { qkv, starts, counter }, attrs);
};

export const gelu = (x: Tensor, approximate: 'none' | 'tanh'): Tensor =>
  run('Gelu', { x }, { approximate })[0];

export const seededDropout = (x: Tensor, counter: Tensor, rate = 0.3, seed = 101): Tensor =>
  run('SeededDropout', { x, counter }, { rate, seed })[0];

/** y, both factors. */
export const gatedActivation = (x: Tensor): Tensor[] => run('GatedActivation', { x });

/** The next states, gates. */
export const gruCell = (input: Tensor, hidden: Tensor, state: Tensor): Tensor[] =>
  run('GRUCell', { input, hidden, state });

/** The next hidden states and cells, gates. */
export const lstmCell = (x: Tensor, cell: Tensor): Tensor[] => run('LSTMCell', { x, cell });

/** What an optimizer's kernel reads, all of them variables or not. */
export type State = Record<string, Tensor>;

export const momentumUpdate = (state: State, attrs: NamedAttrMap): Tensor[] =>
  run('MomentumUpdate', state, attrs);

export const scheduleFreeUpdate = (state: State, attrs: NamedAttrMap): Tensor[] =>
  run('ScheduleFreeUpdate', state, attrs);

export const adamUpdate = (state: State, attrs: NamedAttrMap): Tensor[] =>
  run('AdamUpdate', state, attrs);
