// Symbols on a plane: where they stand, and that none stands on another.
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { embeddingMap } from '../src/index.js';
import { placeLabels } from '../src/pictures/place-labels.js';

/** What is written in a picture, in its order. */
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

describe('embeddingMap', () => {
  it('draws vectors of two components as they are, in the colours of their groups', async () => {
    const svg = await embeddingMap({
      symbols: ['a', 'b', 'c'],
      vectors: [
        [1, 1],
        [-1, 0],
        [0, -1],
      ],
      groups: [0, 1, 1],
    });
    const found = [
      ...svg.matchAll(/translate\(([\d.]+),([\d.]+)\)"[^>]*fill="var\(--c(\d)\)">([abc])</g),
    ].map(([, x, y, c, symbol]) => ({ x: Number(x), y: Number(y), c, symbol }));
    expect(found.map(({ c, symbol }) => `${symbol}${c}`)).toEqual(['a1', 'b2', 'c2']);
    const [a, b, c] = found;
    expect(a.x > c.x && c.x > b.x && a.y < b.y && b.y < c.y).toBe(true);
    expectClose(a.x - c.x, c.x - b.x, { absolute: 1e-9 });
    expect(textsOf(svg)).toContain('first component');
  });
  it('moves symbols of equal vectors apart, with a line to their point', async () => {
    const symbols = Array.from('abcdefgh');
    const svg = await embeddingMap({ symbols, vectors: symbols.map(() => [1, 2, 3]) });
    expect(textsOf(svg).filter((text) => symbols.includes(text))).toHaveLength(8);
    expect(svg.match(/<line/g)).toHaveLength(2 + 7); // two axes; one stands where it is
  });
  it('draws the beginning of a long symbol, and a dot for an empty one', async () => {
    const vectors = [Float32Array.of(1, 1), Float32Array.of(-1, -1)];
    const svg = await embeddingMap({ symbols: ['a'.repeat(99), ''], vectors });
    expect(textsOf(svg)).toContain(`${'a'.repeat(15)}…`);
    expect(svg.match(/<path[^>]*fill="var\(--c1\)"/g)).toHaveLength(2); // both have a dot: the long one is moved inside
  });
  it('takes more components than symbols, and the other way round', async () => {
    for (const [V, C] of [
      [5, 300],
      [300, 5],
    ]) {
      const vectors = Array.from({ length: V }, (_, v) =>
        Array.from({ length: C }, (_, c) => Math.sin(v * 7 + c * c)),
      );
      const svg = await embeddingMap({ symbols: vectors.map((_, i) => `${i}`), vectors });
      expect(svg).toMatch(/\d+ % of the variance/);
    }
  });
  it.each([
    [
      { symbols: [], vectors: [] },
      'embeddingMap: the number of symbols must be from 1 to 10,000; got 0',
    ],
    [{ vectors: [[1, 2]] }, 'embeddingMap: vectors must be 2 rows of 2 numbers; got 1 row'],
    [
      { vectors: [[1], [2]] },
      'embeddingMap: vectors must have two finite numbers or more each; got 1',
    ],
    [
      {
        vectors: [
          [1, NaN],
          [2, 3],
        ],
      },
      'two finite numbers or more each; got NaN or infinity',
    ],
    [{ groups: [1] }, 'embeddingMap: groups must be a number for each of 2 symbols; got 1'],
    [{ groups: [0, 8] }, 'embeddingMap: a group must be a whole number from 0 to 7; got 8'],
    [{ groups: [0, NaN] }, 'embeddingMap: a group must be a whole number from 0 to 7; got NaN'],
  ])('refuses %o', async (wrong, message) => {
    const map = {
      symbols: ['a', 'b'],
      vectors: [
        [1, 2],
        [3, 4],
      ],
    };
    await expect(embeddingMap({ ...map, ...wrong })).rejects.toThrow(message);
  });
});

describe('placeLabels', () => {
  const area = [400, 400] as const;
  it('puts none over another or outside, near its point, and leaves out what finds no room', () => {
    const labels = Array.from({ length: 600 }, (_, i) => ({
      x: 200 + 150 * Math.sin(i * 12.9),
      y: 200 + 150 * Math.cos(i * 7.3),
      width: 8 + (i % 5) * 6,
      height: 12,
    }));
    const places = placeLabels(labels, area);
    const boxes = places.flatMap((place, i) =>
      place === undefined ? [] : [{ ...labels[i], at: place }],
    );
    expect(boxes.length).toBeGreaterThan(200);
    expect(boxes.length).toBeLessThan(600);
    for (const [i, a] of boxes.entries()) {
      expect(Math.hypot(a.at.x - a.x, a.at.y - a.y)).toBeLessThan(8 * 0.75 * 12 + 1e-9);
      expect(a.at.x - a.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.at.y + a.height / 2).toBeLessThanOrEqual(400);
      for (const b of boxes.slice(i + 1)) {
        const isApart =
          Math.abs(a.at.x - b.at.x) >= (a.width + b.width) / 2 || Math.abs(a.at.y - b.at.y) >= 12;
        expect(isApart).toBe(true);
      }
    }
  });
  it('leaves where they are those that don’t touch', () => {
    const labels = [50, 100, 150].map((x) => ({ x, y: x, width: 20, height: 10 }));
    expect(placeLabels(labels, area)).toEqual(labels.map(({ x, y }) => ({ x, y })));
  });
});
