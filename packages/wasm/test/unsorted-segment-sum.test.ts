import { engine, tensor, tensor1d, unsortedSegmentSum } from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { unsortedSegmentSum as reference } from '../src/eager/gradient-kernels.js';
import { startBackend } from '../src/index.js';
import { onBackend } from './on-backend.js';
import { count, values } from './values.js';

const SIZES = [0, 1, 3, 4, 5];
const ids = (n: number, segments: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => (i * 7 + 2) % segments);

const cases = [
  ...SIZES.flatMap((rows) =>
    SIZES.map((width) => ({ shape: [rows, width], numSegments: 3, segmentIds: ids(rows, 3) })),
  ),
  { shape: [5], numSegments: 4, segmentIds: ids(5, 4) },
  { shape: [4, 3, 5], numSegments: 2, segmentIds: ids(4, 2) },
  { shape: [4, 1, 3, 2], numSegments: 1, segmentIds: ids(4, 1) },
  { shape: [96, 33], numSegments: 27, segmentIds: ids(96, 27) },
  { shape: [5, 2], numSegments: 3, segmentIds: Int32Array.of(0, -1, 2, 3, 0) },
];

beforeAll(async () => {
  await startBackend();
});

describe('UnsortedSegmentSum', () => {
  it.each(cases)('equals the CPU backend for $shape, $numSegments segments', async (given) => {
    const work = () => [
      unsortedSegmentSum(
        tensor(values(count(given.shape)), given.shape),
        tensor1d(given.segmentIds),
        given.numSegments,
      ),
    ];
    const [cpu] = await onBackend('cpu', work);
    const [wasm] = await onBackend('wasm', work);
    expect(wasm.shape).toEqual(cpu.shape);
    expect(wasm.dtype).toBe('float32');
    // Both add in float32 in the same order, at most 96 values below 1.
    expectClose(wasm.values, cpu.values, { absolute: 1e-6 });
  });

  it('adds int32 exactly and counts bool', async () => {
    const [sum, counted] = await onBackend('wasm', () => {
      const segmentIds = tensor1d([1, 0, 1], 'int32');
      return [
        unsortedSegmentSum(tensor([16777217, 5, 16777216], [3], 'int32'), segmentIds, 2),
        unsortedSegmentSum(tensor([true, false, true], [3], 'bool'), segmentIds, 2),
      ];
    });
    expect(sum).toEqual({ dtype: 'int32', shape: [2], values: Int32Array.of(5, 33554433) });
    expect(counted).toEqual({ dtype: 'int32', shape: [2], values: Int32Array.of(0, 2) });
  });

  it('keeps NaN and infinities in their own segment', async () => {
    const [{ values: sums }] = await onBackend('wasm', () => [
      unsortedSegmentSum(
        tensor([NaN, 1, Infinity, 2, -Infinity, 3, 4, Infinity], [8]),
        tensor1d([0, 1, 2, 1, 3, 3, 4, 4], 'int32'),
        6,
      ),
    ]);
    expectClose(sums, [NaN, 3, Infinity, -Infinity, Infinity, 0], { absolute: 0 });
  });

  it('gives an empty tensor for no segments', async () => {
    const [empty] = await onBackend('wasm', () => [
      unsortedSegmentSum(tensor(values(6), [3, 2]), tensor1d([0, 0, 0], 'int32'), 0),
    ]);
    expect(empty.shape).toEqual([0, 2]);
    expect(empty.values).toHaveLength(0);
  });

  it('refuses ids that do not fit the rows', () => {
    const inputs = { x: tensor(values(6), [3, 2]), segmentIds: tensor([0, 1], [2], 'int32') };
    expect(() => engine().runKernel('UnsortedSegmentSum', inputs, { numSegments: 2 })).toThrow(
      'UnsortedSegmentSum: segmentIds must be [n] for x of [n, ...]; got segmentIds [2] for x [3,2]',
    );
  });
});

describe('its reference', () => {
  it('sums rows by id and overwrites what was there', () => {
    const out = Float32Array.of(9, 9, 9, 9, 9, 9);
    reference(Float32Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(2, 0, 2), 3, out);
    expect([...out]).toEqual([3, 4, 0, 0, 6, 8]);
  });
  it('leaves out ids below 0 and from numSegments on', () => {
    const out = new Float32Array(2);
    reference(Float32Array.of(1, 2, 3), Int32Array.of(-1, 2, 1), 2, out);
    expect([...out]).toEqual([0, 3]);
  });
});
