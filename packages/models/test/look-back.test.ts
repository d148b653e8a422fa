import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { positionIds, segmentStarts } from '../src/index.js';
import { BACKENDS, useBackend } from './figures.js';

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each<[number[], number[], number[]]>([
    [[0], [0], [0]],
    [[5], [0], [0]],
    [
      [0, 3, 4, 0, 1, 0, 0, 2],
      [0, 0, 0, 3, 3, 5, 6, 6],
      [0, 1, 2, 0, 1, 0, 0, 1],
    ],
    [
      [7, 3, 0, 1, 1, 1, 1, 1, 1],
      [0, 0, 2, 2, 2, 2, 2, 2, 2],
      [0, 1, 0, 1, 2, 3, 4, 5, 6],
    ],
  ])('%j begins at %j', (row, starts, ids) => {
    const found = tidy(() => {
      const begins = segmentStarts(tensor2d([row, row.map(() => 1)], undefined, 'int32'));
      expect([begins.dtype, begins.shape]).toEqual(['int32', [2, row.length]]);
      return [begins, positionIds(begins)].map((tensor) => Array.from(tensor.dataSync()));
    });
    const zeros = row.map(() => 0);
    expect(found[0]).toEqual([...starts, ...zeros]);
    expect(found[1]).toEqual([...ids, ...row.keys()]);
  });
});
