// What heads attend to, as plain values.
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { tensor, tidy, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, expect, it } from 'vitest';
import {
  attentionWeights,
  causalAttention,
  CausalSelfAttention,
  GPT,
  lastPosition,
  Megabyte,
  MLP,
} from '../src/index.js';

beforeAll(() => startBackend());

const sizes = { vocabSize: 7, contextSize: 6, channels: 8, heads: 4, layers: 3 };
const text = [0, 3, 1, 6, 2];

it.each([
  {},
  { kvHeads: 2 },
  { positions: 'rotary', norm: 'rms', activation: 'swiglu', qkNorm: true, kvHeads: 1 },
  { projections: 'separate', dropout: 0.5 },
  { separated: true },
] as const)(
  'has a table for each layer and head, whose rows look back and add up to 1: %o',
  (settings) => {
    const weights = attentionWeights(new GPT({ ...sizes, ...settings }, Generator.seeded(1)), text);
    expect(weights.map((heads) => heads.length)).toEqual([4, 4, 4]);
    for (const rows of weights.flat()) {
      expect(rows).toHaveLength(5);
      for (const [i, row] of rows.entries()) {
        expectClose(
          row.reduce((a, b) => a + b),
          1,
          { absolute: 1e-6 },
        );
        expect(row.slice(i + 1).every((weight) => weight === 0)).toBe(true);
        expect(row.every((weight) => weight >= 0)).toBe(true);
      }
    }
    expect(weights[0][0]).not.toEqual(weights[0][1]);
  },
);

it('is what the values are mixed by', () => {
  const [query, key, value] = [1, 2, 3].map((seed) =>
    tensor(
      Float32Array.from({ length: 3 * 4 }, (_, i) => Math.sin(seed * 7 + i * i)),
      [1, 3, 4],
    ),
  ) as Tensor3D[];
  let mixed: number[][][] = [];
  const [[first, second]] = attentionWeights(
    {
      logits() {
        const attended = causalAttention(query, key, value, { heads: 2 });
        mixed = attended.arraySync();
        return tensor([[0]], [1, 1]);
      },
    },
    [1, 2, 3],
  );
  const [values] = value.arraySync();
  for (const i of [0, 1, 2]) {
    const sum = (weights: Float32Array, c: number): number =>
      weights.reduce((total, weight, j) => total + weight * values[j][c], 0);
    const expected = [sum(first[i], 0), sum(first[i], 1), sum(second[i], 2), sum(second[i], 3)];
    expectClose(mixed[0][i], expected, { absolute: 1e-6 });
  }
});

it('sees no text but one’s own where texts are separated', () => {
  const model = new GPT({ ...sizes, separated: true }, Generator.seeded(1));
  const [[rows]] = attentionWeights(model, [0, 3, 0, 6, 2]);
  expect([...rows[3]].map((weight) => weight > 0)).toEqual([false, false, true, true, false]);
});

it('has nothing where nothing attends, and changes nothing', async () => {
  const mlp = new MLP({ vocabSize: 7, contextSize: 5, dEmbed: 2, dHidden: 3 }, Generator.seeded(1));
  expect(attentionWeights(mlp, text)).toEqual([]);
  const gpt = new GPT(sizes, Generator.seeded(1));
  const scores = (): unknown => tidy(() => gpt.logits(tensor(text, [1, 5], 'int32')).arraySync());
  const before = scores();
  await expectNoLeak(() => expect(attentionWeights(gpt, text)).toHaveLength(3));
  expect(scores()).toEqual(before);
});

it('has an entry for each part of a text that is read in parts', () => {
  const level = { layers: 2, heads: 2 };
  const model = new Megabyte(
    {
      vocabSize: 7,
      patchSize: 4,
      patches: 3,
      channels: 4,
      global: level,
      local: { layers: 1, heads: 4 },
    },
    Generator.seeded(1),
  );
  const tokens = [0, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5];
  const whole = { logits: (row: Tensor2D) => lastPosition(model.sequenceLogits(row)) };
  const weights = attentionWeights(whole, tokens);
  // Two layers of three patches, then one layer of the four tokens of each patch.
  expect(weights.map((heads) => [heads.length, heads[0].length, heads[0][0].length])).toEqual([
    [2, 3, 3],
    [2, 3, 3],
    [4, 4, 4],
    [4, 4, 4],
    [4, 4, 4],
  ]);
  // For what follows the text, the local model reads the last patch alone.
  expect(attentionWeights(model, tokens)).toEqual([weights[0], weights[1], weights[4]]);
  for (const row of weights.flat(2)) {
    expectClose(
      row.reduce((a, b) => a + b),
      1,
      { absolute: 1e-6 },
    );
  }
});

it('refuses a text without tokens, and what is no token', () => {
  const gpt = new GPT(sizes, Generator.seeded(1));
  expect(() => attentionWeights(gpt, [])).toThrow(
    'attentionWeights: there must be at least one token; got none',
  );
  expect(() => attentionWeights(gpt, [0, -1])).toThrow(
    'attentionWeights: tokens must be whole numbers from 0 on; got -1 at index 1',
  );
});

it('sees those of blocks, and is over after an error', () => {
  const block = new CausalSelfAttention(8, 2, Generator.seeded(1));
  const x = tensor(new Float32Array(24).fill(1), [1, 3, 8]) as Tensor3D;
  const logits = (): Tensor2D => {
    block.forward(x);
    return tensor([[0]], [1, 1]);
  };
  expect(attentionWeights({ logits }, [1, 2, 3])[0]).toHaveLength(2);
  const gpt = new GPT(sizes, Generator.seeded(1));
  expect(() => attentionWeights(gpt, [1, 2, 3, 4, 5, 6, 1])).toThrow('T up to 6; got [1, 7]');
  expect(attentionWeights(gpt, text)).toHaveLength(3);
});
