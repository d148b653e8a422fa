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
  it('turns the names of columns where they are too long to stand side by side', async () => {
    const turned = async (columns: string[]): Promise<number> => {
      const svg = await heatMap({ label: 'h', rows: ['the'], columns, values: [[1, 2]] });
      return svg.match(/<text[^>]*rotate\((?:-90|270)\)/g)?.length ?? 0;
    };
    expect(await turned(['a', 'b'])).toBe(0);
    expect(await turned(['the', ' quick'])).toBe(2);
  });
  it('leaves out names for which there is no room', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `r${i}`);
    const svg = await heatMap({ label: 'h', rows, columns: ['x'], values: rows.map(() => [1]) });
    expect(textsOf(svg).slice(0, 4)).toEqual(['x', 'r0', 'r3', 'r6']);
  });
  it.each([
    [{ rows: [], values: [] }, 'heatMap: the number of cells must be from 1 to 40,000; got 0'],
    [{ values: [[1, 2]] }, 'heatMap: values must be 2 rows of 2 numbers; got 1 row'],
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
  it('shows the beginning of symbols that don’t fit', async () => {
    const svg = await bigramMap({ symbols: ['a', '<|endoftext|>'], counts: [1, 2, 3, 4] });
    expect(textsOf(svg).slice(1, 4)).toEqual(['a&lt;|…', '&lt;|…a', '&lt;|…&lt;|…']);
  });
  it.each([NaN, Infinity, -1])('refuses a count of %f', async (count) => {
    await expect(bigramMap({ symbols: ['a'], counts: [count] })).rejects.toThrow(
      `bigramMap: counts must be finite numbers from 0 on; got ${count}`,
    );
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
  it('has heads and layers in the order of their numbers', async () => {
    const heads = Array.from({ length: 12 }, () => [[1]]);
    const named = async (weights: number[][][][], what: string): Promise<string[]> =>
      textsOf(await attentionMaps({ tokens: ['a'], weights })).filter((text) =>
        text.startsWith(what),
      );
    const numbers = heads.map((_, i) => i + 1);
    expect(await named([heads], 'head')).toEqual(numbers.map((n) => `head ${n}`));
    expect(
      await named(
        heads.map((head) => [head]),
        'layer',
      ),
    ).toEqual(numbers.map((n) => `layer ${n}`));
  });
  it.each([
    [[[[[1]]]], 'attentionMaps: weights of layer 0, head 0 must be 2 rows of 2 numbers; got 1 row'],
    [[[]], 'attentionMaps: the number of weights must be from 1 to 40,000; got 0'],
  ])('refuses %j', async (weights, message) => {
    await expect(attentionMaps({ tokens: ['h', 'i'], weights })).rejects.toThrow(message);
  });
});
