// Histograms and curves of plain values.
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { curveChart, histogramChart } from '../src/index.js';

/** What is written in a picture, in its order. */
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

const edges = [0, 1, 2, 3];

describe('histogramChart', () => {
  it('draws one as bars whose heights are its counts', async () => {
    const svg = await histogramChart({
      label: 'h',
      series: [{ name: 'a', counts: [1, 4, 2], edges }],
    });
    const heights = [
      ...svg.matchAll(/<path d="M[\d.]+,([\d.]+)h[\d.]+v([\d.]+)h-[\d.]+Z" fill="var/g),
    ].map(([, , height]) => Number(height));
    expect(heights).toHaveLength(3);
    expectClose(
      heights.map((height) => height / heights[1]),
      [0.25, 1, 0.5],
      { absolute: 1e-9 },
    );
  });
  it('draws several as curves, each as high as its fullest bin, with their names', async () => {
    const series = [
      { name: 'linear1', counts: [1, 4, 2], edges },
      { name: 'tanh', counts: [100, 0, 50], edges: [-1, 0, 1, 2] },
    ];
    const svg = await histogramChart({ label: 'h', series });
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['linear1', 'tanh']));
    const tops = [
      ...svg.matchAll(/<path d="(M[^"]*)" stroke="var\(--c(\d)\)" stroke-width="1.8"/g),
    ].map(([, path, c]) => [
      c,
      Math.min(...[...path.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y))),
    ]);
    expect(tops).toEqual([
      ['1', 0],
      ['2', 0],
    ]);
  });
  it('leaves out what lies far from the rest, where several are drawn', async () => {
    const wide = {
      counts: [1, ...Array.from({ length: 98 }, () => 0), 9999],
      edges: Array.from({ length: 101 }, (_, i) => i * 100),
    };
    const svg = await histogramChart({
      label: 'h',
      series: [
        { name: 'a', ...wide },
        { name: 'b', ...wide },
      ],
    });
    expect(
      textsOf(svg)
        .filter((text) => /^\d/.test(text))
        .map((text) => Number(text.replace(',', ''))),
    ).toSatisfy((ticks: number[]) => ticks.every((tick) => tick >= 9900));
  });
  it('takes typed arrays, and bins that are all empty', async () => {
    const typed = { name: 'a', counts: Float32Array.of(1, 2), edges: Float64Array.of(0, 1, 2) };
    const plain = { name: 'a', counts: [1, 2], edges: [0, 1, 2] };
    const draw = (one: typeof plain | typeof typed) =>
      histogramChart({ label: 'h', series: [one] });
    expect(await draw(typed)).toBe(await draw(plain));
    expect(await draw({ ...plain, counts: [0, 0] })).not.toContain('NaN');
  });
  it('writes no unit behind a zero', async () => {
    const series = [{ name: 'a', counts: [2000, 1], edges: [0, 1, 2] }];
    const texts = textsOf(await histogramChart({ label: 'h', series }));
    expect(texts).toContain('2k');
    expect(texts).not.toContain('0k');
  });
  it('writes what lies between thousands as they are written', async () => {
    const series = [{ name: 'a', counts: [1, 2, 3], edges: [-1000, 0, 1000, 2000] }];
    expect(textsOf(await histogramChart({ label: 'h', series }))).toContain('1000');
  });
  it.each([
    [[], 'histogramChart: the number of series must be from 1 to 12; got 0'],
    [
      [{ name: 'a', counts: [1], edges: [0] }],
      'histogramChart: edges of a must be 2 ascending numbers; got 1: 0',
    ],
    [
      [{ name: 'a', counts: [1, 2], edges: [0, 2, 1] }],
      'histogramChart: edges of a must be 3 ascending numbers; got 3: 0, 2, 1',
    ],
    [
      [{ name: 'a', counts: [1, NaN], edges: [0, 1, 2] }],
      'histogramChart: counts of a must be finite numbers from 0 on; got NaN',
    ],
    [
      [{ name: 'a', counts: [], edges: [0] }],
      'histogramChart: the number of bins of a must be from 1 to 1,000; got 0',
    ],
  ])('refuses %j', async (series, message) => {
    await expect(histogramChart({ label: 'h', series })).rejects.toThrow(message);
  });
});

describe('curveChart', () => {
  const points = [
    { step: 1, value: 1 },
    { step: 2, value: 2 },
  ];
  it('shows a single value as a dot', async () => {
    const dots = async (values: { step: number; value: number }[]): Promise<number> => {
      const svg = await curveChart({ label: 'c', series: [{ name: 'a', points: values }] });
      return svg.match(/<path[^>]* fill="var\(--c1\)"/g)?.length ?? 0;
    };
    expect(await dots([{ step: 1, value: 2 }])).toBe(1);
    expect(
      await dots([
        { step: 1, value: 2 },
        { step: 2, value: NaN },
      ]),
    ).toBe(1);
    expect(await dots(points)).toBe(0);
  });
  it('has the names of twelve series within its width', async () => {
    const series = Array.from({ length: 12 }, (_, i) => ({
      name: `a layer of number ${i}`,
      points,
    }));
    const svg = await curveChart({ label: 'c', series });
    const places = [
      ...svg.matchAll(/<g transform="translate\(([\d.]+),[\d.]+\)"><path d="M0,0h([\d.]+)v12.5/g),
    ];
    const ends = places.map(([, x, width]) => Number(x) + Number(width));
    expect(ends).toHaveLength(12);
    expect(Math.max(...ends)).toBeLessThanOrEqual(640);
  });
});
