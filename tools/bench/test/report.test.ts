import { describe, expect, it } from 'vitest';
import { formatResults, makeRows, type Result } from '../src/report.mjs';
import { formatTable } from '../src/figures.mjs';

const result = (
  contestant: string,
  rates: readonly number[],
  more: Partial<Result> = {},
): Result => ({
  contestant,
  what: '1',
  isPeer: !contestant.startsWith('ours'),
  threads: 'one',
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

it('keeps a long remark from widening the columns', () => {
  expect(formatTable(['', 'n'], [['a', '1'], ['longer', 'not there at all'].slice(0, 1)])).toBe(
    ['        n', '---------', 'a       1', 'longer'].join('\n'),
  );
});
