import { describe, expect, it } from 'vitest';
import { curves, formatCurve } from '../src/curves.mjs';
import { trainingFlops } from '../src/products.mjs';
import { productsOfStep, shapeOf } from '../src/workloads.mjs';

describe('the curves', () => {
  const workOf = (name: string) => {
    const points = curves.find((curve) => curve.name === name)?.points ?? [];
    return points.map(({ workload }) => {
      const { batchSize, length } = shapeOf(workload);
      return trainingFlops(productsOfStep(workload)) / (batchSize * length);
    });
  };
  it('over the batch leave the work of a token as it is', () => {
    expect(new Set(workOf('batches')).size).toBe(1);
  });
  it('over the width span three decades of it', () => {
    const work = workOf('widths');
    expect(work[work.length - 1] / work[0]).toBeGreaterThan(1000);
  });
  it('show tokens a second, and shares of the best and of the peak', () => {
    const points = [
      { label: '1', tokens: 64, flops: 1e8, plain: 100, relaxed: 150 },
      { label: '2', tokens: 128, flops: 2e8, plain: 100, relaxed: 150 },
    ];
    const rows = (fused: number | undefined) =>
      formatCurve({
        name: 'x',
        title: 'X',
        peak: { plain: 40, fused },
        points:
          fused === undefined ? points.map((point) => ({ ...point, relaxed: fused })) : points,
      })
        .split('\n')
        .slice(2)
        .map((line) => line.split(/ {2,}/));
    expect(rows(60)).toEqual([
      ['1', '6,400', '10.0', '50 %', '25 %', '9,600', '15.0', '50 %', '25 %'],
      ['2', '12,800', '20.0', '100 %', '50 %', '19,200', '30.0', '100 %', '50 %'],
    ]);
    expect(rows(undefined)[0]).toEqual(['1', '6,400', '10.0', '50 %', '25 %']);
  });
});
