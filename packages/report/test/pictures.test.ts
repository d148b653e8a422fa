// Pictures of plain values: what is drawn where, what must not be on them, and what is refused.
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  attentionMaps,
  bigramMap,
  curveChart,
  embeddingMap,
  heatMap,
  histogramChart,
} from '../src/index.js';

/** What is written in a picture, in its order. */
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

/** The opacities of its cells, in the order of rows. */
const shadesOf = (svg: string): number[] =>
  [...svg.matchAll(/<path d="[^"]*" fill="var\(--c\d\)" fill-opacity="([\d.]+)"/g)].map(
    ([, shade]) => Number(shade),
  );

const counts = [
  [0, 4, 1],
  [16, 0, 9],
  [1, 4, 0],
];
const edges = [0, 1, 2, 3];
const evil = `<script>alert("1")</script>`;

describe('a picture', () => {
  const pictures = (label: string) => [
    heatMap({
      label,
      rows: ['a', label],
      columns: ['x', label],
      values: [
        [1, 2],
        [3, -4],
      ],
    }),
    bigramMap({ label, symbols: ['.', 'a', label], counts }),
    attentionMaps({
      label,
      tokens: ['a', label],
      weights: [
        [
          [
            [1, 0],
            [0.5, 0.5],
          ],
        ],
      ],
    }),
    embeddingMap({
      label,
      symbols: ['a', label],
      vectors: [
        [1, 2],
        [3, 4],
      ],
    }),
    histogramChart({ label, series: [{ name: label, counts: [1, 2, 3], edges }], title: label }),
    histogramChart({
      label,
      series: [
        { name: label, counts: [1, 2, 3], edges },
        { name: 'b', counts: [3, 2, 1], edges },
      ],
    }),
    curveChart({
      label,
      series: ['a', label].map((name) => ({
        name,
        points: [
          { step: 1, value: 2 },
          { step: 2, value: 1 },
        ],
      })),
    }),
  ];
  it('stands alone, in the colours of light and dark, and escapes what it is given', async () => {
    for (const svg of await Promise.all(pictures(evil))) {
      expect(svg).toMatch(
        /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" class="llm101" width="[\d.]+" height="[\d.]+" role="img" aria-label="&lt;script&gt;/,
      );
      expect(svg).toContain('prefers-color-scheme: dark');
      expect(svg).not.toMatch(/<script|NaN|undefined|Infinity|url\(|href/);
      expect(svg.match(/<svg/g)).toHaveLength(1);
      for (const [, colour] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
        expect(colour).toMatch(/^(none|transparent|var\(--\w+\))$/);
      }
    }
  });
  it('is the same each time', async () => {
    expect(await Promise.all(pictures('x'))).toEqual(await Promise.all(pictures('x')));
  });
});

describe('heatMap', () => {
  it('is the darker the larger, in another colour below 0, and blank at 0', async () => {
    const svg = await heatMap({
      label: 'h',
      rows: ['a', 'b'],
      columns: ['x', 'x'],
      values: [
        [0, 1],
        [-2, NaN],
      ],
    });
    expectClose(shadesOf(svg), [0, 0.3, 0.6, 0], { absolute: 1e-9 });
    expect(svg.match(/fill="var\(--c2\)" fill-opacity/g)).toHaveLength(1);
    expect(textsOf(svg)).toEqual(['x', 'x', 'a', 'b']); // a name may come twice
  });
  it('names what can’t be seen', async () => {
    const names = [' ', '\n', 'a b', '\u0007'];
    const svg = await heatMap({
      label: 'h',
      rows: names,
      columns: ['x'],
      values: [[1], [1], [1], [1]],
    });
    expect(textsOf(svg)).toEqual(['x', '␣', '↵', 'a b', '␇']);
  });
  it('leaves out names for which there is no room', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `r${i}`);
    const svg = await heatMap({ label: 'h', rows, columns: ['x'], values: rows.map(() => [1]) });
    expect(textsOf(svg).slice(0, 4)).toEqual(['x', 'r0', 'r3', 'r6']);
  });
  it.each([
    [{ rows: [], values: [] }, 'heatMap: the number of cells must be from 1 to 40,000; got 0'],
    [{ values: [[1, 2]] }, 'heatMap: values must be 2 rows of 2 numbers; got 1 rows'],
    [{ values: [[1, 2], [3]] }, 'heatMap: values must be 2 rows of 2 numbers; got a row of 1'],
  ])('refuses %o', async (wrong, message) => {
    const map = {
      label: 'h',
      rows: ['a', 'b'],
      columns: ['x', 'y'],
      values: [
        [1, 2],
        [3, 4],
      ],
    };
    await expect(heatMap({ ...map, ...wrong })).rejects.toThrow(message);
  });
});

describe('bigramMap', () => {
  it('has letters and count in each cell, shaded by the root', async () => {
    const svg = await bigramMap({ symbols: ['.', 'a', ' '], counts });
    expectClose(
      shadesOf(svg),
      counts.flat().map((count) => 0.15 * Math.sqrt(count)),
      { absolute: 1e-9 },
    );
    expect(textsOf(svg).slice(0, 9)).toEqual([
      '..',
      '.a',
      '.␣',
      'a.',
      'aa',
      'a␣',
      '␣.',
      '␣a',
      '␣␣',
    ]);
    expect(textsOf(svg).slice(9)).toEqual(counts.flat().map(String));
  });
  it('takes rows one after the other', async () => {
    const symbols = ['.', 'a', ' '];
    const flat = Float64Array.from(counts.flat());
    expect(await bigramMap({ symbols, counts: flat })).toBe(await bigramMap({ symbols, counts }));
    await expect(bigramMap({ symbols, counts: [1, 2, 3, 4] })).rejects.toThrow(
      'bigramMap: counts must be 3 rows of 3 numbers; got 2 rows',
    );
  });
  it('shortens counts that don’t fit', async () => {
    const large = await bigramMap({
      symbols: ['a', 'b'],
      counts: [
        [99_999, 123_456],
        [1_234_567, 0.123456],
      ],
    });
    expect(textsOf(large).slice(4)).toEqual(['99999', '123k', '1.23M', '0.123']);
  });
  it('refuses more symbols than can be read', async () => {
    const symbols = Array.from({ length: 65 }, (_, i) => `${i}`);
    await expect(bigramMap({ symbols, counts: [] })).rejects.toThrow(
      'bigramMap: the number of symbols must be from 1 to 64; got 65; draw fewer',
    );
  });
});

describe('attentionMaps', () => {
  const head = [
    [1, 0],
    [0.25, 0.75],
  ];
  it('has a row of maps for each layer and a column for each head', async () => {
    const svg = await attentionMaps({
      tokens: ['h', 'i'],
      weights: [
        [head, head],
        [head, head],
        [head, head],
      ],
    });
    const texts = textsOf(svg);
    for (const name of ['layer 1', 'layer 2', 'layer 3', 'head 1', 'head 2', 'h', 'i']) {
      expect(texts).toContain(name);
    }
    expect(texts).not.toContain('head 3');
    const shades = shadesOf(svg);
    expect(shades).toHaveLength(24);
    expectClose(shades.slice(0, 4), [1, 0, 0.25, 0.75], { absolute: 1e-9 });
  });
  it.each([
    [
      [[[[1]]]],
      'attentionMaps: weights of layer 0, head 0 must be 2 rows of 2 numbers; got 1 rows',
    ],
    [[[]], 'attentionMaps: the number of weights must be from 1 to 40,000; got 0'],
  ])('refuses %j', async (weights, message) => {
    await expect(attentionMaps({ tokens: ['h', 'i'], weights })).rejects.toThrow(message);
  });
});

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
  it.each([
    [[], 'histogramChart: the number of series must be from 1 to 12; got 0'],
    [
      [{ name: 'a', counts: [1], edges: [0] }],
      'histogramChart: edges of a must be 2 ascending numbers; got 1',
    ],
    [
      [{ name: 'a', counts: [1, 2], edges: [0, 2, 1] }],
      'histogramChart: edges of a must be 3 ascending numbers',
    ],
    [
      [{ name: 'a', counts: [], edges: [0] }],
      'histogramChart: the number of bins of a must be from 1 to 1,000; got 0',
    ],
  ])('refuses %j', async (series, message) => {
    await expect(histogramChart({ label: 'h', series })).rejects.toThrow(message);
  });
});
