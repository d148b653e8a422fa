import { describe, expect, it } from 'vitest';
import { axisOf, formatNumber, ticksOf } from '../src/charts/axes.js';

const PIXELS = { from: 0, to: 100, isLog: false };

describe('a chart axis', () => {
  it('writes its ticks apart', () => {
    const ticks = ticksOf(axisOf([0, 0.0002], PIXELS), 5);
    expect(ticks.map(formatNumber)).toEqual(['0', '5e-5', '1e-4', '1.5e-4', '2e-4']);
    expect([0.25, -3, 1.5e6, 12_345].map(formatNumber)).toEqual(['0.25', '-3', '1.5e+6', '12300']);
  });

  it('has few ticks, whatever its ends are', () => {
    const ranges = [
      [1e10, 1e10 + 2e-6],
      [NaN, NaN],
      [0, Infinity],
      [-1e300, 1e300],
    ] as const;
    for (const range of ranges) {
      expect(ticksOf(axisOf(range, PIXELS), 5).length).toBeLessThan(20);
    }
    expect(ticksOf(axisOf([1, 1e9], { ...PIXELS, isLog: true }), 5)).toHaveLength(10);
  });
});
