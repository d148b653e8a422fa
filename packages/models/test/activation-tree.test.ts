// What nodes of a tree read and give, held against the layers themselves.
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { activationTree, CNN, MLP, nodeArithmetic, type TreeModel, WaveNet } from '../src/index.js';

beforeAll(() => startBackend());

const window = [0, 0, 0, 5, 1, 7, 3, 2];
const rows = [window, window.toReversed()];

const cnn = () =>
  new CNN({ vocabSize: 9, contextSize: 8, dEmbed: 3, dHidden: 5 }, Generator.seeded(1));
const mlp = (more = {}) =>
  new MLP(
    { vocabSize: 9, contextSize: 8, dEmbed: 3, dHidden: [6, 6], activation: 'tanh', ...more },
    Generator.seeded(2),
  );
const waveNet = (more = {}) =>
  new WaveNet({ vocabSize: 9, channels: 4, depth: 3, kernelSize: 2, ...more }, Generator.seeded(3));

const functions = {
  relu: (x: number) => Math.max(0, x),
  tanh: Math.tanh,
  gated: (x: number, gate = 0) => Math.tanh(x) / (1 + Math.exp(-gate)),
} as const;

const kinds: [string, () => TreeModel, (...sums: number[]) => number][] = [
  ['a CNN', cnn, functions.relu],
  ['an MLP', mlp, functions.tanh],
  ['a WaveNet', waveNet, functions.gated],
  ['a WaveNet of one-hot rows', () => waveNet({ input: 'oneHot', kernelSize: 3 }), functions.gated],
  ['a WaveNet that normalises', () => waveNet({ layerNorm: true, blocks: 2 }), functions.gated],
];

describe('the activations of a model as a tree', () => {
  it('halve from level to level in a CNN, to what its scores are made of', () => {
    const model = cnn();
    const { levels } = activationTree(model, rows);
    expect(levels.map(({ nodes, channels }) => [nodes, channels])).toEqual([
      [8, 3],
      [4, 5],
      [2, 5],
      [1, 5],
    ]);
    expect(levels[1].reads[1]).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    const scores = tidy(() => model.logits(tensor2d(rows, [2, 8], 'int32')).dataSync());
    const made = tidy(() => model.linear.forward(tensor2d(levels[3].values, [2, 5])).dataSync());
    expect(made).toEqual(scores);
  });

  it('reach back further from level to level in a WaveNet', () => {
    const { levels } = activationTree(waveNet(), [window]);
    expect(levels).toHaveLength(4);
    expect(levels.map(({ reads }) => reads[0][7])).toEqual([[], [6, 7], [5, 7], [3, 7]]);
    expect(levels[3].reads[0][5]).toEqual([5]); // what is before the text isn't read
  });

  it('are joined in one node in an MLP', () => {
    const { levels } = activationTree(mlp(), [window]);
    expect(levels.map(({ nodes }) => nodes)).toEqual([8, 1, 1]);
    expect(levels[1].reads[0]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
    expect(levels[2].reads).toEqual([[[0]]]);
  });

  it.each(kinds)('are in %s the activations of the sums that are told', (_, make, activate) => {
    const model = make();
    const tree = activationTree(model, rows);
    for (const [level, { nodes, channels }] of tree.levels.entries()) {
      if (level === 0) continue;
      for (const row of rows.keys()) {
        for (const node of [0, nodes - 1]) {
          for (const channel of [0, channels - 1]) {
            const found = nodeArithmetic(model, tree, { row, level, node, channel });
            const sums = found.sums.map(({ sum }) => sum);
            expectClose(found.value, activate(...sums), { absolute: 1e-5 });
          }
        }
      }
    }
  });

  it('leave no tensor behind', async () => {
    const model = waveNet();
    await expectNoLeak(() => void activationTree(model, rows));
  });

  it('are of rows of one length, and sums of nodes that are there', () => {
    expect(() => activationTree(cnn(), [])).toThrow('at least a token each; got []');
    expect(() => activationTree(cnn(), [[1], [1, 2]])).toThrow('got [1, 2]');
    expect(() => activationTree(cnn(), [[1, 1.5]])).toThrow(
      'activationTree: tokens must be whole numbers from 0 on; got 1.5 at index 1',
    );
    const model = cnn();
    const tree = activationTree(model, rows);
    const node = { row: 0, level: 1, node: 0, channel: 0 };
    for (const wrong of [
      { level: 0 },
      { level: 4 },
      { node: 4 },
      { channel: 5 },
      { row: 2 },
      { node: 0.5 },
      { level: 1.5 },
      { row: NaN },
    ]) {
      expect(() => nodeArithmetic(model, tree, { ...node, ...wrong })).toThrow(
        'nodeArithmetic: there must be such a node in levels 1 to 3',
      );
    }
  });
});
