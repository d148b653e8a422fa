// What recurrent networks do beside their figures, which networks.test.ts has.
import { tensor1d, tensor2d, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  describe as describeModel,
  RecurrentNetwork,
  sample,
  stateDict,
  type RecurrentNetworkSizes,
} from '../src/index.js';

beforeAll(() => startBackend());

const make = (sizes: Partial<RecurrentNetworkSizes> = {}): RecurrentNetwork =>
  new RecurrentNetwork(
    { cell: 'gru', vocabSize: 7, contextSize: 8, dEmbed: 3, dHidden: 5, ...sizes },
    Generator.seeded(101),
  );
const scores = (model: RecurrentNetwork, rows: number[][]): Float32Array =>
  tidy(() => model.sequenceLogits(tensor2d(rows, undefined, 'int32')).dataSync<'float32'>());

/** The same sums of float32 products, in another order at most. */
const SAME = { absolute: 1e-6 };
const rows = [
  [0, 3, 1, 6, 0, 2],
  [0, 4, 4, 1, 1, 5],
];

it.each(['gru', 'lstm'] as const)("%s has the names and the summary of PyTorch's", (cell) => {
  const model = make({ cell, layers: 2 });
  const names = Object.keys(stateDict(model));
  expect(names).toEqual([
    'embedding.weight',
    ...[0, 1].flatMap((i) =>
      ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => `rnn.${name}_l${i}`),
    ),
    'head.weight',
    'head.bias',
  ]);
  expect(describeModel(make({ cell, layers: 2 }))).toContain(
    '3, 5, batch_first=True, num_layers=2',
  );
});

describe.each<Partial<RecurrentNetworkSizes>>([
  { cell: 'gru' },
  { cell: 'gru', layers: 2 },
  { cell: 'lstm' },
  { cell: 'lstm', layers: 2 },
])('%o', (sizes) => {
  it('begins again at token 0: padding, or another name, before a name makes no difference', () => {
    const model = make(sizes);
    const name = [0, 3, 1, 6];
    const alone = scores(model, [name]);
    for (const before of [[0, 0], [0, 5, 5], [2]]) {
      const after = scores(model, [[...before, ...name]]);
      expectClose(after.subarray(before.length * 7), alone, SAME);
    }
    const last = tidy(() => model.logits(tensor2d([name], undefined, 'int32')).dataSync());
    expectClose(last, alone.subarray(3 * 7), SAME);
  });

  it('remembers what is before token 0 where that begins nothing', () => {
    const model = make({ ...sizes, separated: false });
    expect(model.padsContexts).toBe(false);
    const plain = scores(model, [[0, 3, 1]]);
    expect(scores(model, [[2, 0, 3, 1]]).subarray(7)).not.toEqual(plain);
    expectClose(scores(make(sizes), [[0, 3, 1]]), plain, SAME);
  });

  it.each([true, false])(
    'scores the same as a stream, compiled too; separated: %o',
    (separated) => {
      const model = make({ ...sizes, separated });
      const whole = scores(model, rows);
      const streams = [model.stream(2), model.stream(2)];
      const [stream, other] = streams;
      const next = compile((tokens: Tensor1D, positions: Tensor1D) =>
        other.next(tokens, positions),
      );
      // What is read before a text makes no difference to it.
      tidy(() => void stream.next(tensor1d([0, 0], 'int32'), tensor1d([0, 0], 'int32')));
      for (let t = 0; t < 6; t++) {
        const column = tensor1d([rows[0][t], rows[1][t]], 'int32');
        const positions = tensor1d([t, t], 'int32');
        const expected = [0, 6].flatMap((row) =>
          Array.from(whole.subarray((row + t) * 7, (row + t + 1) * 7)),
        );
        expectClose(
          tidy(() => stream.next(column, positions).dataSync()),
          expected,
          SAME,
        );
        expectClose(next.read(column, positions), expected, SAME);
      }
      expect(next.program?.stats.fallbacks).toEqual({});
      next.dispose();
      for (const each of streams) each.dispose();
    },
  );

  it('leaves no tensor behind when it draws', async () => {
    const model = make({ ...sizes, dropout: 0.5 });
    await expectNoLeak(() => {
      sample(model, { count: 3, generator: Generator.seeded(1), maxLength: 9, compile });
    });
  });
});

it('drops states in training only, of each layer', () => {
  const model = make({ layers: 2, dropout: 0.5 });
  const tokens = tensor2d(rows, undefined, 'int32');
  const run = (): Float32Array =>
    tidy(() => model.sequenceLogits(tokens, 'training').dataSync<'float32'>());
  expect(scores(model, rows)).toEqual(scores(make({ layers: 2 }), rows));
  const [first, second] = [run(), run()];
  expect(first).not.toEqual(second);
  expect(
    [...model.namedCounters()].map(([name, counter]) => [name, counter.dataSync()[0]]),
  ).toEqual([
    ['rnn.dropouts.0.counter', 2],
    ['rnn.dropouts.1.counter', 2],
  ]);
});

it.each<[Partial<RecurrentNetworkSizes>, string]>([
  [{ layers: 0 }, 'RecurrentNetwork: layers must be a whole number of at least 1; got 0'],
  [{ dHidden: 1.5 }, 'RecurrentNetwork: dHidden must be a whole number of at least 1; got 1.5'],
  [{ dropout: 1 }, 'Dropout: rate must be from 0 to below 1; got 1'],
])('refuses %o', (sizes, message) => {
  expect(() => make(sizes)).toThrow(message);
});
