// What GRU does beside the layer's figures, which layers.test.ts has.
import { reshape, slice, tensor, tidy, type Rank, type Tensor3D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, expect, it } from 'vitest';
import { describe as describeModel, GRU, stateDict } from '../src/index.js';
import { wave } from './figures.js';

beforeAll(() => startBackend());

const make = (): GRU => new GRU(3, 4, Generator.seeded(101));
const x = (): Tensor3D => wave([2, 6, 3], Math.sin, 3) as Tensor3D;
/** The states of some positions of the first row. */
const rowsOf = (states: ArrayLike<number>, first: number, end: number): number[] =>
  Array.from(states).slice(first * 4, end * 4);

it("has PyTorch's names", () => {
  const gru = make();
  expect(Object.keys(stateDict(gru))).toEqual([
    'weight_ih_l0',
    'weight_hh_l0',
    'bias_ih_l0',
    'bias_hh_l0',
  ]);
  expect(describeModel(gru)).toBe('GRU(3, 4, batch_first=True)\nNumber of parameters: 108');
});

it('begins again where nothing is kept', () => {
  const gru = make();
  const kept = tensor<Rank.R3>([1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1], [2, 6, 1]);
  const states = tidy(() => gru.forward(x(), kept).dataSync());
  const plain = tidy(() => gru.forward(x()).dataSync());
  const later = tidy(() => gru.forward(slice(x(), [0, 3, 0], [1, 3, 3])).dataSync());
  // The same products of the same numbers: where they lie may change the kernel that adds them up.
  expectClose(rowsOf(states, 0, 3), rowsOf(plain, 0, 3), { absolute: 1e-7 });
  expectClose(rowsOf(states, 3, 6), rowsOf(later, 0, 3), { absolute: 1e-7 });
  expectClose(rowsOf(states, 6, 12), rowsOf(plain, 6, 12), { absolute: 1e-7 });
});

it('reads position by position what it reads at once', () => {
  const gru = make();
  const whole = tidy(() => gru.forward(x()).dataSync());
  let state = tensor<Rank.R2>(new Float32Array(8), [2, 4]);
  for (let t = 0; t < 6; t++) {
    state = tidy(() => gru.next(reshape(slice(x(), [0, t, 0], [2, 1, 3]), [2, 3]), state));
    const values = state.dataSync();
    for (const b of [0, 1]) {
      const expected = rowsOf(whole, 6 * b + t, 6 * b + t + 1);
      expectClose(rowsOf(values, b, b + 1), expected, { absolute: 1e-7 });
    }
  }
});

it('says what does not fit', () => {
  expect(() => make().forward(wave([1, 2, 4], Math.sin, 3) as Tensor3D)).toThrow(
    'GRU: inputs must have 3 channels; got shape [1, 2, 4]',
  );
  expect(() => new GRU(3, 0, Generator.seeded(1))).toThrow(
    'GRU: hiddenSize must be a whole number of at least 1; got 0',
  );
});
