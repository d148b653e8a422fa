import { readFileSync } from 'node:fs';
import { chinchillaPath } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { parseScalingPoints } from '../src/index.js';
import { parseTable } from '../src/scaling/table.js';
import { chinchilla, why } from './chinchilla.js';

const cellsOf = (text: string): unknown => {
  const { columns, rows } = parseTable(text);
  return [columns, ...rows.map(({ cells }) => cells)];
};

describe('a table', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '\uFEFFa,b\r\n1,2\r\n\r\n3,4',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a\tb\n1\t',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'a,"b, ""c"""\n"1\n2",',
      [
        ['a', 'b, "c"'],
        ['1\n2', ''],
      ],
    ],
    ['a\n""\nx', [['a'], ['x']]],
  ])('reads %j', (text, expected) => {
    expect(cellsOf(text)).toEqual(expected);
  });
  it('knows the lines of its rows', () => {
    const { rows } = parseTable('a,b\n"x\ny",1\n\n2,3\n');
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
  });
  it.each([
    ['', 'a table must have a row of names; it is empty'],
    ['a,b\n1\n', 'line 2: a row must have 2 cells, as many as the first; got 1'],
    ['a\n"1', 'line 2: a quote is opened and never closed'],
    ['a\n"1"2', "line 2: after a closing quote there must be a separator or the line's end"],
    [','.repeat(1000), 'line 1: a row may have 1,000 cells of 10,000 characters'],
    [`a\n${'x'.repeat(10_001)}`, 'line 2: a row may have 1,000 cells of 10,000 characters'],
    [`a\n"${'""'.repeat(10_001)}"`, 'line 2: a row may have 1,000 cells of 10,000 characters'],
    ['a\n'.repeat(100_002), 'a table may have 100,000 rows; this has more'],
    [' '.repeat(16_000_001), 'a table may have 16,000,000 characters; this has 16,000,001'],
  ])('refuses what is none', (text, message) => {
    expect(() => parseTable(text)).toThrow(message);
  });
});

describe('runs of a table', () => {
  it('are found by the usual names of columns', () => {
    const { points, columns } = parseScalingPoints(
      'Run,Model Size,Training FLOP,val_loss\nx,1e6,1.2e13,2.5\n',
    );
    expect(points).toEqual([{ parameters: 1e6, tokens: 2e6, flop: 1.2e13, loss: 2.5 }]);
    expect(columns).toEqual({ parameters: 'Model Size', flop: 'Training FLOP', loss: 'val_loss' });
  });
  it('are found by names that are given', () => {
    const text = 'size,loss,seen,final\n10,9,100,2\n';
    const given = { parameters: 'size', tokens: 'seen', loss: 'final' };
    expect(parseScalingPoints(text, given).points).toEqual([
      { parameters: 10, tokens: 100, flop: 6000, loss: 2 },
    ]);
  });
  it.each([
    [
      'x,loss,d\n',
      {},
      'there must be a column of parameters; the columns are x, loss, d; name one of them as that of parameters',
    ],
    ['n,loss\n', {}, 'there must be a column of tokens or of FLOP'],
    ['n,n,d,loss\n', {}, 'there must be one column n; there are two; rename one of them'],
    ['n,d,loss\n', { loss: 'L' }, 'there must be a column L; the columns are n, d, loss'],
    [
      'n,d,loss\n1,2,3\n1,,3\n',
      {},
      'line 3: d must be a number above 0, from 1e-30 to 1e+30; got nothing',
    ],
    [
      'n,d,loss\n1,2,-3\n',
      {},
      'line 2: loss must be a number above 0, from 1e-30 to 1e+30; got -3',
    ],
    [
      'n,d,loss\n1,Infinity,3\n',
      {},
      'line 2: d must be a number above 0, from 1e-30 to 1e+30; got Infinity',
    ],
  ])('are refused where a number is missing: %j', (text, given, message) => {
    expect(() => parseScalingPoints(text, given)).toThrow(message);
  });
  it.skipIf(why !== '')(`reads Besiroglu et al.'s table${why}`, () => {
    const { points } = parseScalingPoints(readFileSync(chinchillaPath() ?? '', 'utf8'));
    expect(points).toHaveLength(245);
    expect(points.toSorted((a, b) => a.loss - b.loss)).toMatchObject(chinchilla);
  });
});
