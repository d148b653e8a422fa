import { readFileSync } from 'node:fs';
import {
  add,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  reshape,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { readSafetensors } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStateDict, sample, stateDict, WaveNet, type WaveNetSizes } from '../src/index.js';
import { GatedLayer } from '../src/networks/gated-layer.js';
import { lookBackInRow } from '../src/layers/look-back.js';
import { wave, type Figure } from './figures.js';

beforeAll(() => startBackend());

interface ModelFigures {
  readonly sizes: WaveNetSizes;
  readonly logits: Figure;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Figure>>;
}
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url));
/** Made by `tools/reference/state.py`. */
const { tokens, targets, models } = JSON.parse(fixture('state.json').toString()) as {
  readonly tokens: number[][];
  readonly targets: number[][];
  readonly models: Readonly<Record<string, ModelFigures>>;
};

const seeded = (): Generator => Generator.seeded(101);
const make = (sizes: Partial<WaveNetSizes> = {}): WaveNet =>
  new WaveNet({ vocabSize: 7, channels: 6, depth: 3, ...sizes }, seeded());
const scores = (model: WaveNet, rows: number[][]): Float32Array =>
  tidy(() => model.sequenceLogits(tensor2d(rows, undefined, 'int32')).dataSync<'float32'>());
/** The scores at one position of the first row. */
const scoresAt = (model: WaveNet, row: number[], t: number): Float32Array =>
  scores(model, [row]).subarray(t * 7, (t + 1) * 7);

/** Sums of a dozen float32 products in another order, through six layers. */
const LAYERS = { absolute: 2e-6, relative: 2e-6 };

/** Mean cross-entropy of every position. */
const loss = (model: WaveNet): Scalar => {
  const logits = reshape<Rank.R2>(
    model.sequenceLogits(tensor2d(tokens, undefined, 'int32')),
    [-1, 7],
  );
  const wanted = oneHot(tensor1d(targets.flat(), 'int32'), 7);
  return neg(mean(sum(mul(logSoftmax(logits), wanted), -1)));
};

describe.each(Object.entries(models))('PyTorch, %s', (name, figures) => {
  const state = readSafetensors(new Uint8Array(fixture(`wavenet-${name}.safetensors`))).tensors;

  it('draws the same initial values', () => {
    const drawn = stateDict(make(figures.sizes));
    expect(Object.keys(drawn).sort()).toEqual(Object.keys(state).sort());
    for (const [key, { shape, data }] of Object.entries(state)) {
      expect(drawn[key].shape, key).toEqual(shape);
      expect(drawn[key].data, key).toEqual(data);
    }
  });
  it('gives the same scores, loss and gradients for a file of its', () => {
    const model = new WaveNet(figures.sizes, Generator.seeded(1));
    loadStateDict(model, state);
    expectClose(scores(model, tokens), figures.logits.values, LAYERS);
    const parameters = model.namedParameters();
    const { value, grads } = variableGrads(() => loss(model), [...parameters.values()]);
    expectClose(value.dataSync(), [figures.loss], { absolute: 1e-6 });
    for (const [key, { values }] of Object.entries(figures.gradients)) {
      expectClose(grads[parameters.get(key)?.name ?? ''].dataSync(), values, LAYERS);
    }
  });
});

it('GatedLayer has the gradients of central differences', () => {
  const sizes = { channels: 3, skipChannels: 2, kernelSize: 2, dilation: 2 };
  const layer = new GatedLayer({ ...sizes, layerNorm: true, isLast: false }, seeded());
  const x = wave([2, 5, 3], Math.sin, 3) as Tensor3D;
  const run = (): Tensor[] => {
    const { next, skip } = layer.forward(x, { lookBack: lookBackInRow, dropout: (gated) => gated });
    return [next, skip];
  };
  const weighed = (y: Tensor): Scalar => sum(mul(y, wave(y.shape, Math.cos, 5)));
  const value = (): Scalar =>
    run()
      .map(weighed)
      .reduce((a, b) => add(a, b));
  /** The same, added up in double, so that differences over a small step are left exact to 1e-5. */
  const exactValue = (): number =>
    tidy(() => run().map((y) => y.dataSync<'float32'>()))
      .map((y) => y.reduce((total, element, i) => total + element * Math.cos(i / 5), 0))
      .reduce((a, b) => a + b);
  const { grads } = variableGrads(value, layer.parameters());
  for (const parameter of layer.parameters()) {
    const values = Float32Array.from(parameter.dataSync());
    const numeric = numericGradient((at) => {
      tidy(() => parameter.assign(tensor(at.slice(), parameter.shape)));
      return exactValue();
    }, values);
    tidy(() => parameter.assign(tensor(values, parameter.shape)));
    const largest = numeric.reduce((most, n) => Math.max(most, Math.abs(n)), 0);
    expectClose(grads[parameter.name].dataSync(), numeric, { absolute: 1e-3 * largest });
  }
});

describe('WaveNet', () => {
  it('sees its receptive field, and nothing later', () => {
    const model = make({ layerNorm: true });
    expect(model.receptiveField).toBe(8);
    const row = [3, 1, 6, 6, 2, 5, 1, 4, 2, 2, 3, 5];
    const before = scores(model, [row]);
    for (let t = 0; t < row.length; t++) {
      const after = scores(model, [row.map((token, i) => (i === t ? (token % 6) + 1 : token))]);
      const changed = [...after].flatMap((value, i) =>
        value === before[i] ? [] : [Math.floor(i / 7)],
      );
      const seenFrom = row.map((_, i) => i).filter((i) => i >= t && i < t + 8);
      expect([...new Set(changed)]).toEqual(seenFrom);
    }
  });
  it.each<[number, Partial<WaveNetSizes>]>([
    [8, {}],
    [15, { blocks: 2 }],
    [15, { kernelSize: 3 }],
    [9, { input: 'oneHot' }],
    [4, { depth: 2 }],
  ])('has a receptive field of %d with %o', (field, sizes) => {
    expect(make(sizes).receptiveField).toBe(field);
    expect(make(sizes).contextSize).toBe(field);
  });
  it.each<Partial<WaveNetSizes>>([{}, { kernelSize: 3, input: 'oneHot', layerNorm: true }])(
    'begins again at token 0, whatever is before it: %o',
    (sizes) => {
      const model = make(sizes);
      const name = [0, 3, 1, 6, 2];
      const alone = scores(model, [name]);
      for (const before of [[0], [0, 0, 0, 0], [0, 5, 5, 1], [4, 2]]) {
        const after = scores(model, [[...before, ...name, 0, 4]]);
        const t = before.length;
        // The same operations on the same values; what is hidden is multiplied by 0.
        expectClose(after.subarray(t * 7, (t + 5) * 7), alone, { absolute: 1e-6 });
      }
    },
  );
  it('scores the last position alone as it does within the row', () => {
    const model = make();
    for (const row of [[0, 2, 5, 4], [0]]) {
      const last = tidy(() => model.logits(tensor2d([row], undefined, 'int32')).dataSync());
      expectClose(last, scoresAt(model, row, row.length - 1), { absolute: 1e-6 });
    }
  });
  it('keeps its past in a stream', () => {
    for (const sizes of [
      { blocks: 2, layerNorm: true },
      { kernelSize: 3, input: 'oneHot' as const },
      { blocks: 2, separated: false },
    ]) {
      const model = make(sizes);
      // Longer than the field; then, for each row at another position, another sequence.
      const rows = tokens
        .map((row) => [...row, ...row.slice(1)])
        .map((row, b) => row.slice(0, row.length - b).concat(row.slice(0, b + 5)));
      const whole = scores(model, rows);
      const [B, T] = [rows.length, rows[0].length];
      const stream = model.stream(B);
      for (let t = 0; t < T; t++) {
        const next = tidy(() =>
          stream
            .next(
              tensor1d(
                rows.map((row) => row[t]),
                'int32',
              ),
              tensor1d(
                rows.map((row) => (model.padsContexts ? t - row.lastIndexOf(0, t) : t)),
                'int32',
              ),
            )
            .dataSync(),
        );
        for (let b = 0; b < B; b++) {
          const expected = whole.subarray((b * T + t) * 7, (b * T + t + 1) * 7);
          expectClose(next.slice(b * 7, (b + 1) * 7), expected, LAYERS);
        }
      }
      stream.dispose();
    }
  });
  it('applies dropout in training only', () => {
    const model = make({ dropout: 0.5 });
    const input = tensor2d(tokens, undefined, 'int32');
    const run = (mode?: 'training'): Float32Array =>
      tidy(() => model.sequenceLogits(input, mode).dataSync<'float32'>());
    expect(run()).toEqual(scores(make(), tokens)); // seeds are drawn after the initial values
    const [first, second] = [run('training'), run('training')];
    expect(first).not.toEqual(second);
    expect(
      [...model.namedCounters()].map(([path, counter]) => [path, counter.dataSync()[0]]),
    ).toEqual([
      ['dropouts.0.counter', 2],
      ['dropouts.1.counter', 2],
      ['dropouts.2.counter', 2],
    ]);
    expect(run()).toEqual(run());
  });
  it('draws names', () => {
    const names = sample(make(), { count: 3, generator: seeded(), maxLength: 12 });
    expect(names.map(({ length }) => length <= 12)).toEqual([true, true, true]);
  });
  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const model = make({ dropout: 0.5, layerNorm: true });
      tidy(() => void model.sequenceLogits(tensor2d(tokens, undefined, 'int32'), 'training'));
      const stream = model.stream(2);
      tidy(() => void stream.next(tensor1d([0, 0], 'int32'), tensor1d([0, 0], 'int32')));
      stream.dispose();
      model.dispose();
    });
  });
  it.each<[Partial<WaveNetSizes>, string]>([
    [{ channels: 0 }, 'WaveNet: channels must be a whole number of at least 1; got 0'],
    [{ blocks: 1.5 }, 'WaveNet: blocks must be a whole number of at least 1; got 1.5'],
    [{ dropout: 1 }, 'Dropout: rate must be from 0 to below 1; got 1'],
  ])('refuses %o', (sizes, message) => {
    expect(() => make(sizes)).toThrow(message);
  });
});
