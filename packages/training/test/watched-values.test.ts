// The values of layers themselves: each is what its weights make of the positions that it sees.
import { CNN, Conv1d, type DilatedConv1d, GPT, MLP, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyPosition, watchActivations, type WatchedActivation } from '../src/index.js';

beforeAll(() => startBackend());

/** Which positions of its input an output of a convolution sees, and by which column of its weight. */
type Sees = (t: number) => readonly (readonly [position: number, k: number])[];

const seesOf = (layer: Conv1d | DilatedConv1d): Sees => {
  const { kernelSize, dilation } = layer;
  const first = (t: number): number =>
    layer instanceof Conv1d ? t * layer.stride : t - dilation * (kernelSize - 1);
  return (t) => Array.from({ length: kernelSize }, (_, k) => [first(t) + k * dilation, k] as const);
};

/** `[B, T', out]` of a convolution, sum by sum. */
function convolve(layer: Conv1d | DilatedConv1d, input: Values, length: number): Float32Array {
  const [O, I, K] = layer.weight.shape;
  const [weight, bias] = [layer.weight.dataSync(), layer.bias.dataSync()];
  const [B, T] = input.shape;
  const sees = seesOf(layer);
  return Float32Array.from({ length: B * length * O }, (_, n) => {
    const [b, t, o] = [Math.floor(n / O / length), Math.floor(n / O) % length, n % O];
    let sum = bias[o];
    for (const [position, k] of sees(t)) {
      if (position < 0) continue; // zeros before the row
      for (let i = 0; i < I; i++) {
        sum += weight[(o * I + i) * K + k] * input.data[(b * T + position) * I + i];
      }
    }
    return sum;
  });
}

interface Values {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

const named = (seen: readonly WatchedActivation[]) => {
  const byName = new Map(seen.map((one) => [one.name, one]));
  return (name: string): Values => {
    const { data, shape } = byName.get(name) ?? {};
    if (data === undefined || shape === undefined) throw new Error(`no values of ${name}`);
    return { data, shape };
  };
};

const rows = (B: number, T: number, vocabSize: number) =>
  Int32Array.from({ length: B * T }, (_, i) => 1 + ((i * 5) % (vocabSize - 1)));

describe('the values that layers give', () => {
  it('are a tree of pairs in a CNN, 8 to 4 to 2 to 1', () => {
    const model = new CNN(
      { vocabSize: 9, contextSize: 8, dEmbed: 3, dHidden: 5 },
      Generator.seeded(1),
    );
    const batch = { size: 2, contextSize: 8, inputs: rows(2, 8, 9), targets: Int32Array.of(1, 2) };
    const of = named(watchActivations(model, { values: true }).look(batch));
    let input = of('embedding');
    for (const [i, layer] of model.layers.entries()) {
      const output = of(`layers.${i}`);
      expect(output.shape).toEqual([2, 4 >> i, 5]);
      expectClose(output.data, convolve(layer, input, 4 >> i), { absolute: 1e-5 });
      input = of(i === 0 ? 'relu' : `relu.${i + 1}`);
      expect(input.data).toEqual(output.data.map((value) => Math.max(0, value)));
    }
    const scores = tidy(() => model.logits(tensor2d(batch.inputs, [2, 8], 'int32')).dataSync());
    expect(of('linear')).toEqual({ shape: [2, 9], data: scores });
  });

  it.each(['embedding', 'oneHot'] as const)(
    'are gated in a WaveNet, whose tokens enter as %s',
    (input) => {
      const sizes = { vocabSize: 9, channels: 4, skipChannels: 6, depth: 3, kernelSize: 3, input };
      const model = new WaveNet({ ...sizes, separated: false }, Generator.seeded(2));
      const targets = rows(1, 7, 9);
      const batch = { size: 1, contextSize: 7, inputs: rows(1, 7, 9), targets };
      const seen = watchActivations(everyPosition(model), { values: true, saturation: 0.2 }).look(
        batch,
      );
      const of = named(seen);
      let read = of('embedding');
      for (const [i, { gates }] of model.layers.entries()) {
        expect([gates.kernelSize, gates.dilation]).toEqual([3, 2 ** i]);
        const mixed = of(`layers.${i}.gates`);
        expect(mixed.shape).toEqual([1, 7, 8]);
        expectClose(mixed.data, convolve(gates, read, 7), { absolute: 1e-5 });
        const gated = of(`layers.${i}.gatedactivation`);
        expect(gated.shape).toEqual([1, 7, 4]);
        const expected = gated.data.map((_, n) => {
          const at = Math.floor(n / 4) * 8 + (n % 4);
          return Math.tanh(mixed.data[at]) / (1 + Math.exp(-mixed.data[at + 4]));
        });
        expectClose(gated.data, expected, { absolute: 1e-5 });
        const flat = gated.data.filter((_, n) => {
          const at = Math.floor(n / 4) * 8 + (n % 4);
          const gate = 1 / (1 + Math.exp(-mixed.data[at + 4]));
          return Math.abs(Math.tanh(mixed.data[at])) > 0.2 || gate < 0.4 || gate > 0.6;
        });
        const { saturated } = seen.find(({ name }) => name === `layers.${i}.gatedactivation`) ?? {};
        expect(flat.length).toBeGreaterThan(0);
        expect(saturated).toBeCloseTo(flat.length / gated.data.length, 9);
        expect(of(`layers.${i}.skip`).shape).toEqual([1, 7, 6]);
        if (i === 2) break; // the last has no next one
        const sum = of(`layers.${i}.residual`).data.map((value, n) => value + read.data[n]);
        read = of(`layers.${i}.next`);
        expectClose(read.data, sum, { absolute: 1e-6 });
      }
    },
  );

  it('are those of a GPT’s blocks, and their scores', () => {
    const sizes = {
      vocabSize: 9,
      contextSize: 4,
      channels: 8,
      layers: 2,
      heads: 2,
      tiedHead: false,
    };
    const model = new GPT(sizes, Generator.seeded(3));
    const inputs = rows(1, 4, 9);
    const batch = { size: 1, contextSize: 4, inputs, targets: inputs };
    const seen = watchActivations(everyPosition(model), { values: true }).look(batch);
    for (const { data, shape, values } of seen) {
      expect(data).toHaveLength(shape.reduce((a, b) => a * b));
      expect(data?.reduce((a, b) => Math.max(a, b))).toBe(values.maximum);
    }
    const scores = tidy(() => model.sequenceLogits(tensor2d(inputs, [1, 4], 'int32')).dataSync());
    expect(seen.at(-1)?.data).toEqual(scores);
    const blocks = seen.filter(({ name }) => /^transformer\.h\.\d$/.test(name));
    expect(blocks.map(({ shape }) => shape)).toEqual([
      [1, 4, 8],
      [1, 4, 8],
    ]);
  });

  it('are not kept where nobody asks for them', () => {
    const model = new CNN(
      { vocabSize: 9, contextSize: 8, dEmbed: 3, dHidden: 5 },
      Generator.seeded(1),
    );
    const batch = { size: 1, contextSize: 8, inputs: rows(1, 8, 9), targets: Int32Array.of(1) };
    const seen = watchActivations(model).look(batch);
    expect(seen.every(({ data }) => data === undefined)).toBe(true);
  });
});

describe('a look as in an evaluation', () => {
  const sizes = { vocabSize: 9, contextSize: 4, dEmbed: 3, dHidden: 5 };
  const batch = { size: 1, contextSize: 4, inputs: rows(1, 4, 9), targets: Int32Array.of(3) };

  it('takes one row where a batch norm needs two in training, and changes no running mean', async () => {
    const model = new MLP({ ...sizes, batchNorm: true }, Generator.seeded(4));
    const before = [...model.namedBuffers().values()].map((buffer) => buffer.dataSync().slice());
    expect(() => watchActivations(model).look(batch)).toThrow('at least 2 values a channel');
    const watch = watchActivations(model, { values: true, mode: 'evaluation' });
    await expectNoLeak(() => void watch.look(batch));
    const scores = tidy(() => model.logits(tensor2d(batch.inputs, [1, 4], 'int32')).dataSync());
    expect(watch.look(batch).at(-1)?.data).toEqual(scores);
    const after = [...model.namedBuffers().values()].map((buffer) => buffer.dataSync().slice());
    expect(after).toEqual(before);
  });

  it('leaves no value out', () => {
    const wave = { vocabSize: 9, channels: 32, depth: 2, dropout: 0.5 };
    const model = everyPosition(new WaveNet(wave, Generator.seeded(5)));
    const rowOf4 = { ...batch, targets: batch.inputs };
    const zeros = (mode: 'training' | 'evaluation') => {
      const seen = watchActivations(model, { values: true, mode }).look(rowOf4);
      const dropped = seen.filter(({ name }) => name.startsWith('dropouts'));
      return dropped.reduce((sum, { data }) => sum + (data?.filter((x) => x === 0).length ?? 0), 0);
    };
    expect(zeros('training')).toBeGreaterThan(30);
    expect(zeros('evaluation')).toBe(0);
  });
});
