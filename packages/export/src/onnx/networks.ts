import type { ConfigOf, FloatTensor } from '../exported-model.js';
import type { Value } from './graph.js';
import type { OnnxLayers } from './layers.js';

// Each takes tokens `[B, T]` and gives scores, of what follows a row, `[B, V]`, or each position, `[B, T, V]`.

export function bigram(layers: OnnxLayers, tokens: Value): Value {
  return layers.embedding('table', tokens);
}

export function mlp(layers: OnnxLayers, tokens: Value, config: ConfigOf<'mlp'>): Value {
  const { contextSize: T, dEmbed: C, dHidden, residual, activation = 'relu' } = config;
  const { graph } = layers;
  const widths = typeof dHidden === 'number' ? [dHidden] : dHidden;
  let x = graph.node('Reshape', [layers.embedding('embedding', tokens), graph.ints(-1, T * C)]);
  const outputs: Value[] = [];
  for (const [i, width] of widths.entries()) {
    let y = layers.linear(`linear${i + 1}`, x);
    if (config.batchNorm === true) y = layers.batchNorm(`norm${i + 1}`, y);
    if (config.layerNorm === true) y = layers.layerNorm(`norm${i + 1}`, y);
    y = layers.activation(activation, y);
    const before = widths.slice(0, i).lastIndexOf(width);
    x = residual === true && before !== -1 ? graph.node('Add', [y, outputs[before]]) : y;
    outputs.push(x);
  }
  return layers.linear(`linear${widths.length + 1}`, x);
}

export function cnn(layers: OnnxLayers, tokens: Value, config: ConfigOf<'cnn'>): Value {
  let x = layers.embedding('embedding', tokens);
  for (let i = 0; i < Math.log2(config.contextSize); i++) {
    x = layers.activation('relu', layers.convolution(`layers.${i}`, x, { strides: [2] }));
  }
  const { graph } = layers;
  return layers.linear('linear', graph.node('Reshape', [x, graph.ints(-1, config.dHidden)]));
}

export function waveNet(layers: OnnxLayers, tokens: Value, config: ConfigOf<'wavenet'>): Value {
  const { vocabSize, depth, blocks = 1, kernelSize: k = 2, input, layerNorm } = config;
  const { graph } = layers;
  const causal = (name: string, x: Value, dilation: number): Value =>
    layers.convolution(name, x, { dilations: [dilation], pads: [(k - 1) * dilation, 0] });
  let x =
    input === 'oneHot'
      ? causal('embedding', oneHot(layers, tokens, vocabSize), 1)
      : layers.embedding('embedding', tokens);
  const skips: Value[] = [];
  for (let i = 0; i < depth * blocks; i++) {
    const name = `layers.${i}`;
    const read = layerNorm === true ? layers.layerNorm(`${name}.norm`, x) : x;
    const both = causal(`${name}.gates`, read, 2 ** (i % depth));
    const [values, gates] = graph.nodes('Split', [both], { axis: -1 }, 2);
    const passed = graph.node('Mul', [
      graph.node('Tanh', [values]),
      graph.node('Sigmoid', [gates]),
    ]);
    skips.push(layers.linear(`${name}.skip`, passed));
    if (i === depth * blocks - 1) break;
    x = graph.node('Add', [x, layers.linear(`${name}.residual`, passed)]);
  }
  const sum = graph.node('Sum', skips);
  const hidden = layers.linear('hidden', layers.activation('relu', sum));
  return layers.linear('head', layers.activation('relu', hidden));
}

function oneHot({ graph }: OnnxLayers, tokens: Value, vocabSize: number): Value {
  const values = graph.weight('off and on', { shape: [2], data: Float32Array.of(0, 1) });
  return graph.node('OneHot', [tokens, graph.int(vocabSize), values], { axis: -1 });
}

/** PyTorch's order of the gates' rows, in that of ONNX: z, r, n of a GRU; i, o, f, g of an LSTM. */
const GATES = { gru: [1, 0, 2], lstm: [0, 3, 1, 2] };

export function recurrent(
  layers: OnnxLayers,
  tokens: Value,
  config: ConfigOf<'gru' | 'lstm'>,
): Value {
  const { type, dHidden: H, layers: count = 1 } = config;
  const { graph, weights } = layers;
  const ordered = (name: string): FloatTensor => reordered(weights.get(name), GATES[type]);
  let x = graph.node('Transpose', [layers.embedding('embedding', tokens)], { perm: [1, 0, 2] }); // [T, B, C]
  for (let i = 0; i < count; i++) {
    const matrix = (what: string): Value => {
      const { shape, data } = ordered(`rnn.weight_${what}_l${i}`);
      return graph.weight(`rnn.weight_${what}_l${i}`, { shape: [1, ...shape], data });
    };
    const [input, hidden] = ['ih', 'hh'].map((what) => ordered(`rnn.bias_${what}_l${i}`).data);
    const bias = new Float32Array(2 * input.length);
    bias.set(input);
    bias.set(hidden, input.length);
    const inputs = [x, matrix('ih'), matrix('hh')];
    inputs.push(graph.weight(`rnn.bias_l${i}`, { shape: [1, bias.length], data: bias }));
    const attributes = { hidden_size: H, ...(type === 'gru' && { linear_before_reset: 1 }) };
    const states = graph.node(type.toUpperCase(), inputs, attributes); // [T, 1, B, H]
    x = graph.node('Squeeze', [states, graph.ints(1)]);
  }
  return layers.linear('head', graph.node('Transpose', [x], { perm: [1, 0, 2] }));
}

/** Blocks of rows in another order. */
function reordered({ shape, data }: FloatTensor, order: readonly number[]): FloatTensor {
  const block = data.length / order.length;
  const sorted = new Float32Array(data.length);
  for (const [to, from] of order.entries()) {
    sorted.set(data.subarray(from * block, (from + 1) * block), to * block);
  }
  return { shape, data: sorted };
}
