// What a module finds in its fields.
import { tensor3d, tidy, type Tensor3D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe as group, expect, it } from 'vitest';
import {
  describe,
  Dropout,
  Linear,
  Module,
  randnParameter,
  relu,
  sequential,
  TransformerBlock,
} from '../src/index.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(1);

group('an array in a field', () => {
  it('may hold parameters, which are named by their index', () => {
    class Bare extends Module {
      readonly weights = [2, 3].map((size) => randnParameter([size, size], seeded()));
      readonly sizes = [2, 3];
    }
    expect([...new Bare().namedParameters().keys()]).toEqual(['weights.0', 'weights.1']);
  });
  it('may hold layers between functions, and arrays of layers', () => {
    class Mixed extends Module {
      readonly layers = [new Linear(2, 3, seeded()), relu, new Linear(3, 2, seeded())];
      readonly blocks = [[new Linear(2, 2, seeded()), new Dropout(0.5, seeded())], []];
    }
    const model = new Mixed();
    expect([...model.namedParameters().keys()]).toEqual([
      'layers.0.weight',
      'layers.0.bias',
      'layers.2.weight',
      'layers.2.bias',
      'blocks.0.0.weight',
      'blocks.0.0.bias',
    ]);
    expect([...model.namedCounters().keys()]).toEqual(['blocks.0.1.counter']);
    expect(describe(model)).toBe(
      [
        'Mixed(',
        '  (layers.0): Linear(in_features=2, out_features=3, bias=True)',
        '  (layers.2): Linear(in_features=3, out_features=2, bias=True)',
        '  (blocks.0): ModuleList(',
        '    (0): Linear(in_features=2, out_features=2, bias=True)',
        '    (1): Dropout(p=0.5, inplace=False)',
        '  )',
        ')',
        'Number of parameters: 23',
      ].join('\n'),
    );
  });
});

it('names what stands in two fields once, by the first', () => {
  class Tied extends Module {
    readonly first = new Linear(2, 2, seeded());
    readonly second = this.first;
  }
  const model = new Tied();
  expect([...model.namedParameters().keys()]).toEqual(['first.weight', 'first.bias']);
  model.dispose();
});

group('sequential', () => {
  const input = (): Tensor3D =>
    tensor3d([
      [
        [1, -1, 2, 0.5],
        [3, 1, -2, 1],
      ],
    ]);

  it('takes blocks, and gives them the mode', () => {
    const options = { channels: 4, heads: 2, dropout: 0.5, attentionDropout: 0.5 };
    const [a, b] = [1, 2].map((seed) => new TransformerBlock(options, Generator.seeded(seed)));
    const stack = sequential(a, b);
    const x = input();
    const plain = tidy(() => b.forward(a.forward(x)).dataSync());
    expect(tidy(() => stack.forward(x).dataSync())).toEqual(plain);
    expect(tidy(() => stack.forward(x, 'training').dataSync())).not.toEqual(plain);
    const counts = [...stack.namedCounters().values()].map((counter) => counter.dataSync()[0]);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
    expect(tidy(() => a.forward(x, { mode: 'evaluation' }).dataSync())).toEqual(
      tidy(() => a.forward(x, 'evaluation').dataSync()),
    );
  });
});
