import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { mean } from '../src/index.js';

describe('mean', () => {
  it('divides the sum by the count', () => {
    // three additions and a division, each rounded to 1.1e-16
    expectClose(mean([0.1, 0.2, 0.6]), 0.3, { relative: 4.4e-16 });
    expect(mean(Float32Array.of(7))).toBe(7);
  });
  it.each([
    [[], 'mean: there must be at least one value; got none'],
    [[1, Number.NaN], 'mean: values must be finite; value 1 is NaN'],
  ])('refuses %o', (values, message) => {
    expect(() => mean(values)).toThrow(RangeError);
    expect(() => mean(values)).toThrow(message);
  });
});
