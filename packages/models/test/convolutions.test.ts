import { relu, slice, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { CNN, DilatedConv1d, loadStateDict, sequential, stateDict } from '../src/index.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(101);

describe('DilatedConv1d', () => {
  it('lets no output see a later input', () => {
    const sizes = { inChannels: 1, outChannels: 2, kernelSize: 3, dilation: 2 };
    const layer = new DilatedConv1d(sizes, seeded());
    const T = 9;
    const outputs = (values: number[]): number[] =>
      tidy(() => [...layer.forward(tensor3d(values, [1, T, 1])).dataSync()]);
    const values = Array.from({ length: T }, (_, t) => Math.sin(t));
    const before = outputs(values);
    expect(layer.reach).toBe(4);
    for (let t = 0; t < T; t++) {
      const after = outputs(values.map((value, i) => (i === t ? value + 1 : value)));
      const changed = after.flatMap((value, i) => (value === before[i] ? [] : [i >> 1]));
      // The position itself and those two and four after it.
      expect([...new Set(changed)]).toEqual([t, t + 2, t + 4].filter((at) => at < T));
    }
  });

  it('makes the lecture’s CNN, seen from the last position', () => {
    const sizes = { vocabSize: 27, contextSize: 16, dEmbed: 8, dHidden: 24 };
    const cnn = new CNN(sizes, seeded());
    const { embedding, linear } = cnn;
    const stack = sequential(
      ...cnn.layers.flatMap(({ weight: { shape } }, i) => {
        const [outChannels, inChannels, kernelSize] = shape;
        const options = { inChannels, outChannels, kernelSize, dilation: 2 ** i };
        return [new DilatedConv1d(options, seeded()), relu];
      }),
    );
    const state = Object.entries(stateDict(cnn)).flatMap(([name, data]) => {
      const [, i, rest] = /^layers\.(\d+)\.(.*)$/.exec(name) ?? [];
      return rest === undefined ? [] : [[`${2 * Number(i)}.${rest}`, data] as const];
    });
    loadStateDict(stack, Object.fromEntries(state));
    const tokens = tensor2d(
      Int32Array.from({ length: 5 * 16 }, (_, i) => (i * i * 3 + i) % 27),
      [5, 16],
    );
    const last = (x: Tensor): Tensor<Rank.R3> =>
      slice(x as Tensor<Rank.R3>, [0, 15, 0], [5, 1, 24]);
    const [expected, found] = tidy(() => [
      cnn.logits(tokens).dataSync(),
      linear.forward(last(stack.forward(embedding.forward(tokens)))).dataSync(),
    ]);
    // The same products; pairs are added as one sum there and as two here.
    expectClose(found, expected, { absolute: 1e-6 });
  });
});
