import { reshape, tensor, tidy, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import { wholeTokens } from './checks.js';
import { relu } from './layers/activations.js';
import type { DilatedConv1d } from './layers/convolutions.js';
import { CNN } from './networks/cnn.js';
import { MLP } from './networks/mlp.js';
import { WaveNet } from './networks/wave-net.js';

/** Models whose layers read some positions of the layer below: pairs in a CNN, positions further and further apart in a WaveNet, all in an MLP. */
export type TreeModel = CNN | WaveNet | MLP;

/** A layer's values by position, a node each. */
export interface TreeLevel {
  /** N: how many nodes there are, of a row. */
  readonly nodes: number;
  /** C: values of a node. */
  readonly channels: number;
  /** `[B, N, C]`, row-major: what its nodes give. Level 0 has the vectors of the tokens. */
  readonly values: Float32Array;
  /** `[B, N', C']` with the nodes of the level below: what its nodes read of them. Nothing for level 0, which reads tokens. */
  readonly inputs?: Float32Array;
  /**
   * `[B][N]`: which nodes of the level below a node reads, in the order of its weights; those before the row, or before a token 0 that begins
   * a text, aren't there. Level 0: none.
   */
  readonly reads: readonly (readonly (readonly number[])[])[];
}

/** What a model makes of rows of tokens, level by level. */
export interface ActivationTree {
  /** B */
  readonly rows: number;
  readonly levels: readonly TreeLevel[];
}

/** A node's channel. */
export interface TreeNode {
  readonly row: number;
  /** From 1 on: the vectors of tokens aren't computed. */
  readonly level: number;
  readonly node: number;
  readonly channel: number;
}

/** One product of a sum. */
export interface NodeTerm {
  /** The node of the level below, and its channel. */
  readonly node: number;
  readonly channel: number;
  readonly input: number;
  readonly weight: number;
}

/** `bias + Σ input · weight`. */
export interface NodeSum {
  readonly terms: readonly NodeTerm[];
  readonly bias: number;
  readonly sum: number;
}

/** How a node comes to its value. */
export interface NodeArithmetic {
  /** One sum, or in a WaveNet two: of the value and of its gate, `tanh(value) · σ(gate)`. */
  readonly sums: readonly NodeSum[];
  /** What the model has for it: after the activation and, in an MLP, after what is around it. */
  readonly value: number;
}

/**
 * The activations of a model as a tree: each node with its values, and which nodes below it reads; for the CNN 16 → 8 → 4 → 2 → 1.
 * Computed as in an evaluation. In a WaveNet the values are the gated ones; what the next level reads is `inputs`, the residual stream.
 *
 * Source of both trees: van den Oord et al. (2016), "WaveNet", https://arxiv.org/abs/1609.03499
 *
 * @param tokens - `[B][T]`, rows as the model reads them
 * @throws RangeError when there is no row, rows differ in length, or a token isn't a whole number from 0 on; and what the model throws
 */
export function activationTree(
  model: TreeModel,
  tokens: readonly ArrayLike<number>[],
): ActivationTree {
  const [B, T] = [tokens.length, tokens.at(0)?.length ?? 0];
  if (T === 0 || tokens.some(({ length }) => length !== T)) {
    throw new RangeError(
      `activationTree: there must be rows of one length, at least a token each; got [${tokens.map(({ length }) => length).join(', ')}]`,
    );
  }
  const all = wholeTokens(
    'activationTree',
    tokens.flatMap((row) => Array.from(row)),
  );
  let levels: readonly TreeLevel[] = [];
  tidy(() => {
    const rows = tensor<Rank.R2>(all, [B, T], 'int32');
    if (model instanceof CNN) levels = cnnLevels(model, rows);
    else if (model instanceof MLP) levels = mlpLevels(model, rows);
    else levels = waveNetLevels(model, rows);
  });
  return { rows: B, levels };
}

function cnnLevels(model: CNN, tokens: Tensor<Rank.R2>): TreeLevel[] {
  let x = model.embedding.forward(tokens); // [B, T, C]
  const levels = [levelOf(x)];
  for (const layer of model.layers) {
    const inputs = valuesOf(x);
    x = relu(layer.forward(x));
    const { kernelSize, stride, dilation } = layer;
    const reads = Array.from({ length: x.shape[1] }, (_, n) =>
      Array.from({ length: kernelSize }, (__, k) => n * stride + k * dilation),
    );
    levels.push({ ...levelOf(x), inputs, reads: everyRow(x, reads) });
  }
  return levels;
}

function mlpLevels(model: MLP, tokens: Tensor<Rank.R2>): TreeLevel[] {
  const [B, T] = tokens.shape;
  const [first, ...outputs] = model.read(tokens);
  const levels = [levelOf(reshape(first, [B, T, first.shape[1] / T]))];
  for (const output of outputs) {
    const below = levels[levels.length - 1];
    const level = levelOf(reshape(output, [B, 1, output.shape[1]]));
    const reads = [Array.from({ length: below.nodes }, (_, n) => n)];
    levels.push({ ...level, inputs: below.values, reads: everyRow(output, reads) });
  }
  return levels;
}

function waveNetLevels(model: WaveNet, tokens: Tensor<Rank.R2>): TreeLevel[] {
  const rows = tokens.arraySync();
  const levels: TreeLevel[] = [];
  model.showLayers(tokens, (input, gated) => {
    if (levels.length === 0) levels.push(levelOf(input));
    const layer = model.layers[levels.length - 1];
    levels.push({
      ...levelOf(gated),
      inputs: valuesOf(layer.read(input)),
      reads: rows.map((row) => {
        const starts = model.padsContexts ? startsOf(row) : row.map(() => 0);
        return starts.map((start, t) => readsAt(layer.gates, t, start));
      }),
    });
  });
  return levels;
}

/** The positions that a causal convolution reads at one, as far as its text has them. */
const readsAt = ({ kernelSize, dilation }: DilatedConv1d, t: number, start: number): number[] =>
  Array.from({ length: kernelSize }, (_, k) => t - dilation * (kernelSize - 1 - k)).filter(
    (at) => at >= start,
  );

/** Where the text of each position begins: at the last token 0, or with the row. */
const startsOf = (row: readonly number[]): number[] =>
  row.map((_, t) => Math.max(0, row.lastIndexOf(0, t)));

/** The same for each row of a batch. */
const everyRow = <Item>({ shape: [B] }: Tensor, item: Item): Item[] =>
  Array.from({ length: B }, () => item);

const valuesOf = (x: Tensor): Float32Array => Float32Array.from(x.dataSync<'float32'>());

/** A level that reads tokens. */
function levelOf(x: Tensor<Rank.R3>): TreeLevel {
  const [, nodes, channels] = x.shape;
  const reads = Array.from({ length: nodes }, (): number[] => []);
  return { nodes, channels, values: valuesOf(x), reads: everyRow(x, reads) };
}

/**
 * The sums by which a node of a tree comes to one of its values.
 *
 * @param tree - of this model, by {@link activationTree}, its parameters being what they were
 * @throws RangeError when the tree has no such node, or its level is 0
 */
export function nodeArithmetic(
  model: TreeModel,
  tree: ActivationTree,
  { row, level, node, channel }: TreeNode,
): NodeArithmetic {
  const [own, below] = [level, level - 1].map((at) => tree.levels.at(at));
  const isThere =
    own !== undefined &&
    isIndex(level, tree.levels.length) &&
    isIndex(row, tree.rows) &&
    isIndex(node, own.nodes) &&
    isIndex(channel, own.channels);
  if (below === undefined || own?.inputs === undefined || !isThere) {
    throw new RangeError(
      `nodeArithmetic: there must be such a node in levels 1 to ${tree.levels.length - 1}; got row ${row}, level ${level}, node ${node}, channel ${channel}`,
    );
  }
  const { inputs } = own;
  const sumOf = (output: number): NodeSum => {
    const { weightOf, bias } = productOf(model, level, output);
    const taps = own.reads[row][node];
    const terms = taps.flatMap((at, k) =>
      Array.from({ length: below.channels }, (_, c): NodeTerm => ({
        node: at,
        channel: c,
        input: inputs[(row * below.nodes + at) * below.channels + c],
        weight: weightOf(k - taps.length, c),
      })),
    );
    return {
      terms,
      bias,
      sum: terms.reduce((sum, { input, weight }) => sum + input * weight, bias),
    };
  };
  const sums =
    model instanceof WaveNet ? [sumOf(channel), sumOf(channel + own.channels)] : [sumOf(channel)];
  return { sums, value: own.values[(row * own.nodes + node) * own.channels + channel] };
}

const isIndex = (index: number, length: number): boolean =>
  Number.isInteger(index) && index >= 0 && index < length;

/** A row of a layer's weights: by tap, -1 being the last of them, and channel. */
function productOf(model: TreeModel, level: number, output: number) {
  if (model instanceof MLP) {
    const { linear } = model.hidden[level - 1];
    const [, width] = linear.weight.shape;
    const weights = linear.weight.dataSync<'float32'>();
    const taps = level === 1 ? model.contextSize : 1;
    const C = width / taps;
    return {
      weightOf: (tap: number, c: number) => weights[output * width + (taps + tap) * C + c],
      bias: linear.bias?.dataSync<'float32'>()[output] ?? 0,
    };
  }
  const { weight, bias } =
    model instanceof CNN ? model.layers[level - 1] : model.layers[level - 1].gates;
  const [, I, K] = weight.shape;
  const weights = weight.dataSync<'float32'>();
  return {
    weightOf: (tap: number, c: number) => weights[(output * I + c) * K + K + tap],
    bias: bias.dataSync<'float32'>()[output],
  };
}
