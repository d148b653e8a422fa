import { describe, expect, it } from 'vitest';
import {
  logLogChart,
  renderScalingReport,
  scalingPictures,
  type ScalingReport,
} from '../src/index.js';
import { groupBySize, short } from '../src/scaling/groups.js';

const law = { E: 1.8, A: 480, B: 2100, alpha: 0.35, beta: 0.37 };
const runs = [1e8, 3e8, 1e9].flatMap((parameters) =>
  [2e9, 8e9, 3e10].map((tokens) => ({
    name: `<${parameters}>`,
    parameters,
    tokens,
    flop: 6 * parameters * tokens,
    loss: law.E + law.A / parameters ** law.alpha + law.B / tokens ** law.beta,
  })),
);
const best = [1e18, 1e20].map((flop) => ({
  flop,
  parameters: Math.sqrt(flop / 120),
  tokens: Math.sqrt(flop / 0.3),
  loss: 2.5,
}));
const report: ScalingReport = {
  title: 'Laws of <b>runs</b>',
  notes: ['9 runs.'],
  runs,
  law,
  numbers: [{ name: 'E', value: '1.8', interval: '1.7 … 1.9' }],
  lines: [{ x: 'flop', a: 30, b: -0.05 }],
  slopes: [{ name: 'FLOP C', value: '30 C^-0.05', fit: 'R² 0.99' }],
  best,
  frontier: best,
  flopPerToken: { a: 6, b: 1 },
};

describe('a page of scaling laws', () => {
  it('shows charts, numbers and runs, and no markup of others', async () => {
    const page = await renderScalingReport(report);
    expect(page).toContain('<title>Laws of &lt;b&gt;runs&lt;/b&gt;</title>');
    for (const heading of [
      'Loss and compute',
      'Loss and parameters',
      'Loss and tokens',
      'Loss at the same compute',
      'The best sizes',
      'Power laws',
    ]) {
      expect(page).toContain(`<h2>${heading}</h2>`);
    }
    expect(page).toContain('<td>1.7 … 1.9</td>'.replace('<td>', '<td class="muted">'));
    expect(page).toContain('&lt;100000000&gt;');
    expect(page).not.toMatch(/<script|NaN|Infinity/);
    // each run is a dot in three charts, each drawn twice
    const [, compute] = page.split('<h2>Loss and compute</h2>');
    expect(
      compute.split('</section>')[0].match(/<path[^>]*fill="var\(--c\d\)"/g)?.length,
    ).toBeGreaterThanOrEqual(18);
  });
  it('shows lines where the runs decide no law', async () => {
    const { law: _, ...without } = report;
    const pictures = await scalingPictures({ ...without, numbers: [], best: [], frontier: [] });
    expect(pictures.map(({ label }) => label)).toEqual([
      'Loss and compute',
      'Loss and parameters',
      'Loss and tokens',
    ]);
    expect(pictures[0].svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(pictures[0].svg).toContain('stroke-dasharray');
  });
});

describe('a chart of logarithms', () => {
  it('leaves out what has no logarithm', async () => {
    const points = [0, -1, Number.NaN, Infinity, 2, 3].map((x) => ({ x, y: 1 }));
    const svg = await logLogChart({ label: 'few', series: [{ points }] });
    expect(svg.match(/<path[^>]*fill="var\(--c1\)"/g)).toHaveLength(2);
    expect(await logLogChart({ label: 'none', series: [{ points: [] }] })).toContain('<svg');
    await expect(logLogChart({ label: 'no', series: [] })).rejects.toThrow(
      'logLogChart: the number of series must be from 1 to 40; got 0',
    );
  });
});

it('groups sizes that are close, or as many runs together', () => {
  expect(groupBySize(runs, 'parameters').map(({ runs: own }) => own.length)).toEqual([3, 3, 3]);
  const many = Array.from({ length: 60 }, (_, i) => ({ ...runs[0], tokens: 1.1 ** i }));
  expect(groupBySize(many, 'tokens').map(({ runs: own }) => own.length)).toEqual([
    10, 10, 10, 10, 10, 10,
  ]);
});

it.each([
  [999, '999'],
  [1234, '1.23 k'],
  [999_999, '1 M'],
  [2.5e9, '2.5 B'],
  [3e16, '3.00e16'],
  [0.25, '0.25'],
])('writes %d as %s', (count, expected) => {
  expect(short(count)).toBe(expected);
});
