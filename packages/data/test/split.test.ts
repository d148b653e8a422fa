import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  DataError,
  describeDuplicates,
  duplicateReport,
  splitLines,
  trainTestSplit,
} from '../src/index.js';

const seeded = (): Generator => Generator.seeded(101);
const byValue = (a: number, b: number): number => a - b;
const digits = Array.from({ length: 10 }, (_, i) => i);

describe('splitLines', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['\n\na\n\r\n\nb\n\n', ['a', 'b']],
    ['a\rb\u2028c\u000bd', ['a\rb\u2028c\u000bd']],
    [' \na ', [' ', 'a ']],
    ['', []],
  ])('splits %j', (text, lines) => {
    expect(splitLines(text)).toEqual(lines);
  });
});

describe('trainTestSplit', () => {
  // numpy.random.RandomState(101).permutation(10) is 8 2 0 4 9 3 5 7 6 1; the first are test.
  it('equals scikit-learn', () => {
    const { train, test } = trainTestSplit(digits, { testSize: 0.25, generator: seeded() });
    expect(test).toEqual([8, 2, 0]);
    expect(train).toEqual([4, 9, 3, 5, 7, 6, 1]);
  });
  it.each([
    [10, 0.1, 1],
    [10, 0.11, 2],
    [100, 0.07, 8], // 0.07 * 100 is 7.000000000000001 in double, in scikit-learn too
    [2, 0.001, 1],
    [32_033, 0.1, 3204],
  ])('holds out of %d items the fraction %d, rounded up: %d', (n, testSize, expected) => {
    const items = Array.from({ length: n }, (_, i) => i);
    const { train, test } = trainTestSplit(items, { testSize, generator: seeded() });
    expect(test).toHaveLength(expected);
    expect(train).toHaveLength(n - expected);
  });
  it('leaves the items as they were', () => {
    const items = Object.freeze(['a', 'b', 'c']);
    trainTestSplit(items, { testSize: 0.5, generator: seeded() });
    expect(items).toEqual(['a', 'b', 'c']);
  });
  it('sends all copies to one side where asked for', () => {
    const lines = digits.flatMap((digit) => [digit, digit % 3]);
    const distinct = [...new Set(lines)];
    const { train, test } = trainTestSplit(lines, {
      testSize: 0.25,
      generator: seeded(),
      distinct: true,
    });
    const expected = trainTestSplit(distinct, { testSize: 0.25, generator: seeded() });
    expect([...new Set(test)]).toEqual(expected.test);
    expect([...new Set(train)]).toEqual(expected.train);
    expect([...train, ...test].sort(byValue)).toEqual(lines.sort(byValue));
    expect(test).toEqual([8, 2, 2, 2, 2, 0, 0, 0, 0, 0]);
  });
  it('keeps items that are arrays whole', () => {
    const { train, test } = trainTestSplit([[1, 2], [3], [[4]]], {
      testSize: 0.4,
      generator: seeded(),
      distinct: true,
    });
    expect(new Set([...train, ...test])).toEqual(new Set([[1, 2], [3], [[4]]]));
  });
  it.each([0, 1, -0.1, 320, Number.NaN])('must have a fraction: %d', (testSize) => {
    const split = () => trainTestSplit(digits, { testSize, generator: seeded() });
    expect(split).toThrow(RangeError);
    expect(split).toThrow(`fraction strictly between 0 and 1; got ${testSize}; for a count, pass`);
  });
  it.each([
    [0, 0.1, false, 'leaves 0 for test and 0 for training; give at least 2'],
    [1, 0.1, false, 'testSize 0.1 of 1 leaves 1 for test and 0 for training; give at least 2'],
    [4, 0.9, false, 'leaves 4 for test and 0 for training; give more items or choose a smaller'],
    [1, 0.5, true, 'of 1 leaves 1 for test'],
  ])('must have an item on both sides: %d items, %d', (n, testSize, distinct, message) => {
    const items = digits.slice(0, n);
    const split = () =>
      trainTestSplit([...items, ...(distinct ? items : [])], {
        testSize,
        generator: seeded(),
        distinct,
      });
    expect(split).toThrow(DataError);
    expect(split).toThrow(message);
  });
});

describe('duplicateReport', () => {
  it('counts copies within and across the sides', () => {
    const report = duplicateReport(['a', 'b', 'a'], ['a', 'c', 'c', 'a']);
    expect(report).toEqual({ lines: 7, distinct: 3, testLines: 4, testLinesInTrain: 2 });
    expect(describeDuplicates(report)).toBe(
      '3 of 7 lines are distinct. 2 of 4 test lines (50.0 %) also occur in training.',
    );
  });
  it('reports on nothing', () => {
    expect(describeDuplicates(duplicateReport([], []))).toContain('0 of 0 test lines (0.0 %)');
  });
});
