import { describe, expect, it } from 'vitest';
import { benchFigures, formatJson } from '../src/bench-file.mjs';
import { formatResults, makeRows, type Result } from '../src/report.mjs';
import { formatTable } from '../src/figures.mjs';
import { productForms } from '../src/kernels.mjs';

const result = (
  contestant: string,
  rates: readonly number[],
  more: Partial<Result> = {},
): Result => ({
  contestant,
  what: '1',
  isPeer: !contestant.startsWith('ours'),
  threads: 'one',
  isForQuick: false,
  rates,
  ...more,
});

const results = [
  result('ours', [4000, 3900, 4100]),
  result('ours, plain', [500, 500, 500]),
  result('theirs', [1000, 1100, 900], { what: '2' }),
  result('others', [2, 2, 2], { what: '3' }),
  result('missing', [], { what: '', problem: 'not found: x' }),
];

describe('the rows of a workload', () => {
  const rows = makeRows(results, { flops: 5e6, peak: { plain: 40, fused: 80 }, cores: 2 });

  it('compare medians with our fastest and with the fastest of others', () => {
    expect(rows.map(({ oursIs, againstPeer }) => [oursIs, againstPeer])).toEqual([
      [1, 4],
      [8, 0.5],
      [4, 1],
      [2000, 0.002],
    ]);
    expect(rows[0]).toMatchObject({
      stepsPerSecond: 4000,
      spread: 0.05,
      gflops: 20,
      peakShare: 0.5,
    });
  });
  it('have no ratio where nobody is to compare with', () => {
    const [row] = makeRows(results.slice(0, 1), {
      flops: 1,
      peak: { plain: 1, fused: undefined },
      cores: 1,
    });
    expect(row.againstPeer).toBeUndefined();
  });
  it('compare all threads with all threads, and with the peak of all cores', () => {
    const wide = [
      result('ours, all', [6000], { threads: 'all', isFused: true }),
      result('theirs, all', [3000], { threads: 'all' }),
    ];
    const peak = { plain: 40, fused: 80 };
    const all = makeRows([...results, ...wide], { flops: 5e6, peak, cores: 2 }).slice(-2);
    expect(all.map(({ oursIs, peakShare }) => [oursIs, peakShare])).toEqual([
      [1, 30 / 160],
      [2, 15 / 80],
    ]);
  });
  it('make a table that says why somebody is missing', () => {
    expect(formatResults(results, rows).split('\n')).toEqual([
      '                 steps/s  spread  ours is  to fastest peer  GFLOP/s  of peak',
      '----------------------------------------------------------------------------',
      'ours (1)           4,000   5.0 %    1.00x            4.00x     20.0     50 %',
      'ours, plain (1)      500   0.0 %    8.00x            0.50x     2.50    6.3 %',
      'theirs (2)         1,000    20 %    4.00x            1.00x     5.00     13 %',
      'others (3)          2.00   0.0 %  2000.0x            0.00x     0.01    0.0 %',
      'missing          not found: x',
    ]);
  });
});

describe('the file of figures', () => {
  const rows = makeRows(results, { flops: 5e6, peak: { plain: 40, fused: 80 }, cores: 2 });
  const curve = {
    name: 'widths',
    title: 'Over the width',
    peak: { plain: 40, fused: undefined },
    points: [{ label: '16', tokens: 64, flops: 3, plain: 1 / 3, relaxed: undefined }],
  };
  const product = {
    ...productForms([{ name: 'mlp', products: [[1, 3, 2]] }])[0],
    plain: { gflops: 10, peakGflops: 40 },
  };
  const figures = benchFigures(
    { cores: 2 },
    { tables: [{ title: 'MLP', results, rows }], curves: [curve], products: [product] },
  );
  it('has medians and shares, and who is missing', () => {
    const [table] = figures.tables;
    const theirs = { contestant: 'theirs', stepsPerSecond: 1000, spread: 0.2, oursIs: 4 };
    expect(table.rows[2]).toEqual(theirs);
    expect(table.rows[4]).toEqual({ contestant: 'missing', problem: 'not found: x' });
    const peer = { what: '2', isPeer: true, threads: 'one', isForQuick: false };
    expect(figures.contestants[2]).toEqual({ name: 'theirs', ...peer });
    expect(figures.curves[0].points[0].plain).toBe(0.3333333);
    expect(figures.products[0]).toMatchObject({ where: 'mlp forward', plain: 0.25 });
  });
  it('has a line for what holds nothing else', () => {
    const value = { a: 1, b: [{ c: [1, 2] }, { d: 'x', e: undefined }], f: {} };
    expect(formatJson(value)).toBe(
      '{\n  "a": 1,\n  "b": [\n    {\n      "c": [1,2]\n    },\n    {"d":"x"}\n  ],\n  "f": {}\n}',
    );
    expect(JSON.parse(formatJson(figures))).toEqual(JSON.parse(JSON.stringify(figures)));
  });
});

it('keeps a long remark from widening the columns', () => {
  expect(formatTable(['', 'n'], [['a', '1'], ['longer', 'not there at all'].slice(0, 1)])).toBe(
    ['        n', '---------', 'a       1', 'longer'].join('\n'),
  );
});
