import { crc32 as zlibCrc32 } from 'node:zlib';
import {
  CharTokenizer,
  DataLoader,
  ArrayDataset,
  RandomLoader,
  SequenceDataset,
  SequenceLoader,
} from '@llm101/data';
import { Generator } from '@llm101/random';
import { readSafetensors } from '@llm101/safetensors';
import { scalar, tidy, variable } from '@tensorflow/tfjs-core';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  InfiniteLoader,
  loadParts,
  variablesPart,
  type Checkpoint,
} from '../src/index.js';
import { EarlyStopping } from '../src/loop/early-stopping.js';

beforeAll(() => startBackend());

const f32 = (...values: number[]) =>
  ({ dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }) as const;

const checkpoint: Checkpoint = {
  step: 12,
  config: { lr: 0.1, data: 'a "crc32":"quoted" name' },
  parts: {
    model: { tensors: { 'linear.weight': f32(1, 2, 3) }, values: null },
    optimizer: { tensors: { step: f32(4), '0.exp_avg': f32(5) }, values: { text: 'ü' } },
    progress: { tensors: {}, values: { sum: 1 / 3, count: 12 } },
  },
};

describe('a checkpoint', () => {
  it('comes back as it was', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
  });
  it('is a safetensors file with the model under its own names', () => {
    const { tensors, metadata } = readSafetensors(encodeCheckpoint(checkpoint));
    expect(Object.keys(tensors).sort()).toEqual([
      'linear.weight',
      'optimizer/0.exp_avg',
      'optimizer/step',
    ]);
    expect(metadata['format']).toBe('pt');
  });
  it('has the CRC-32 of its bytes with its own digits as zeros', () => {
    const bytes = encodeCheckpoint(checkpoint);
    const { crc32: written } = readSafetensors(bytes).metadata;
    const cleared = Buffer.from(
      Buffer.from(bytes).toString('latin1').replace(written, '00000000'),
      'latin1',
    );
    expect(zlibCrc32(cleared).toString(16).padStart(8, '0')).toBe(written);
  });
  it('refuses a parameter whose name looks like another part', () => {
    const parts = { model: { tensors: { 'optimizer/step': f32(1) }, values: null } };
    expect(() => encodeCheckpoint({ ...checkpoint, parts })).toThrow(
      "encodeCheckpoint: a parameter's name must have no /; got optimizer/step",
    );
  });
  it('holds whole numbers too, and refuses other shapes', () => {
    const counter = tidy(() => variable(scalar(7, 'int32'), false));
    const part = variablesPart(new Map([['dropout.counter', counter]]));
    const saved = decodeCheckpoint(
      encodeCheckpoint({ ...checkpoint, parts: { model: part.state() } }),
    );
    tidy(() => counter.assign(scalar(9, 'int32')));
    loadParts({ model: part }, saved);
    expect([...counter.dataSync()]).toEqual([7]);
    const other = tidy(() => variable(scalar(7), false));
    expect(() =>
      loadParts({ model: variablesPart(new Map([['dropout.counter', other]])) }, saved),
    ).toThrow('checkpoint: dropout.counter of a state must be F32 []; got I32 []');
  });
});

describe('an InfiniteLoader’s state', () => {
  const dataset = new ArrayDataset({
    contextSize: 1,
    inputs: Int32Array.from({ length: 7 }, (_, i) => i),
    targets: new Int32Array(7),
  });
  const make = (reshuffle: boolean) => {
    const generator = Generator.seeded(3);
    const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true, generator });
    return { generator, loader: new InfiniteLoader(loader, { reshuffle }) };
  };
  const take = (loader: InfiniteLoader, n: number): number[][] => {
    const taken: number[][] = [];
    if (n === 0) return taken;
    for (const { inputs } of loader) {
      taken.push([...inputs]);
      if (taken.length === n) break;
    }
    return taken;
  };
  it.each([true, false])('continues from any batch, reshuffled: %s', (reshuffle) => {
    for (let n = 0; n <= 9; n++) {
      const { generator, loader } = make(reshuffle);
      take(loader, n);
      const state = loader.state();
      const rest = take(loader, 9); // a second loop continues too
      const other = make(reshuffle);
      other.loader.load(state);
      expect(take(other.loader, 9), `after ${n}`).toEqual(rest);
      expect(other.generator.state()).toEqual(generator.state());
    }
  });
  it('continues with whole lines, whose batches depend on the order', () => {
    const tokenizer = CharTokenizer.fromAlphabet('abc');
    const lines = new SequenceDataset(['a', 'abca', 'bb', 'cab', 'ccc', 'b'], tokenizer);
    const makeLines = (): InfiniteLoader => {
      const generator = Generator.seeded(3);
      const loader = new SequenceLoader(lines, { packedSize: 6, shuffle: true, generator });
      return new InfiniteLoader(loader, { reshuffle: true });
    };
    const loader = makeLines();
    take(loader, 5);
    const state = loader.state();
    const other = makeLines();
    other.load(state);
    expect(take(other, 9)).toEqual(take(loader, 9));
  });
  it('continues with random rows that are drawn ahead, with others drawn in between', () => {
    const makeRandom = () => {
      const generator = Generator.seeded(3);
      const batches = new RandomLoader(dataset, { batchSize: 2, batches: 2, generator });
      const evaluation = new RandomLoader(dataset, { batchSize: 3, generator });
      return { loader: new InfiniteLoader(batches, { ahead: true }), evaluation };
    };
    const rest = ({ loader, evaluation }: ReturnType<typeof makeRandom>) => [
      ...take(loader, 3),
      Array.from(evaluation, ({ inputs }) => [...inputs]),
      ...take(loader, 3),
    ];
    for (let n = 0; n <= 5; n++) {
      const one = makeRandom();
      take(one.loader, n);
      Array.from(one.evaluation);
      const state = one.loader.state();
      const other = makeRandom();
      other.loader.load(state);
      expect(rest(other), `after ${n}`).toEqual(rest(one));
    }
  });
  it('keeps what others drew from the generator meanwhile', () => {
    const { generator, loader } = make(false);
    take(loader, 2);
    generator.nextUint32();
    const state = loader.state();
    const other = make(false);
    other.loader.load(state);
    expect(other.generator.nextUint32()).toBe(generator.nextUint32());
  });
  it('is refused where it can’t be', () => {
    const { loader } = make(true);
    take(loader, 1);
    const state = loader.state();
    expect(() => make(true).loader.load({ ...state, batch: 5 })).toThrow(
      'InfiniteLoader: batch of a state must be a whole number from 0 to 4; got 5',
    );
    const plain = new InfiniteLoader(new DataLoader(dataset, { batchSize: 2 }));
    expect(() => plain.load(state)).toThrow(
      'InfiniteLoader: a state must come from a loader without a generator, as this one; got another',
    );
  });
});

describe('EarlyStopping', () => {
  const validate = (losses: number[], patience: number, minDelta = 0) => {
    const w = tidy(() => variable(scalar(0)));
    const stopping = new EarlyStopping([w], { patience, minDelta });
    const seen = losses.map((loss, i) => {
      tidy(() => w.assign(scalar(i + 1)));
      const isBest = stopping.add(i + 1, loss);
      return stopping.isOver ? 'over' : isBest;
    });
    return { stopping, seen, w };
  };
  it('ends after n validations that were no better, and restores the best weights', () => {
    const { stopping, seen, w } = validate([3, 2, 2, 2.5, 1.9], 3);
    expect(seen).toEqual([true, true, false, false, true]);
    expect(validate([3, 2, 2, 2.5, 2.1], 3).seen).toEqual([true, true, false, false, 'over']);
    expect(stopping.restore()).toEqual({ step: 5, valLoss: 1.9 });
    tidy(() => w.assign(scalar(99)));
    stopping.restore();
    expect(w.dataSync()[0]).toBe(5);
  });
  it('asks for as much as minDelta', () => {
    expect(validate([3, 2.95, 2.85], 2, 0.1).seen).toEqual([true, false, true]);
  });
  it('never ends without patience, and keeps no weights', () => {
    const { stopping, seen, w } = validate([1, 2, 3, 4], 0);
    expect(seen).toEqual([true, false, false, false]);
    expect(stopping.best).toEqual({ step: 1, valLoss: 1 });
    expect(stopping.restore()).toBeUndefined();
    expect(w.dataSync()[0]).toBe(4);
  });
  it('takes no infinite loss for the best', () => {
    expect(validate([Infinity, 5], 2).seen).toEqual([false, true]);
  });
});
