import { newBlock, place } from '@llm101/wasm/recording';
import { expect, it } from 'vitest';
import { placeInArenas } from '../src/plan/arenas.js';

const blocks = Array.from({ length: 300 }, (_, i) =>
  newBlock(64 * (1 + (i % 7)), i, i + 2 * (i % 31)),
);
const together = new Set(blocks.filter((_, i) => i % 10 === 0));

it('takes as many arenas as blocks need, keeps them apart, and leaves together what must be', () => {
  const { ends, arenaOf } = placeInArenas(blocks, { together, from: 128, most: 3000 });
  expect(ends.length).toBeGreaterThan(2);
  for (const end of ends) expect(end).toBeLessThanOrEqual(3000);
  for (const block of together) expect(arenaOf(block)).toBe(0);
  for (const [i, a] of blocks.entries()) {
    expect(a.offset).toBeGreaterThanOrEqual(arenaOf(a) === 0 ? 128 : 0);
    expect(a.offset + a.bytes).toBeLessThanOrEqual(ends[arenaOf(a)]);
    const over = blocks.slice(0, i).filter((b) => {
      const areAtOnce = a.first <= b.last && b.first <= a.last;
      const overlap = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
      return areAtOnce && overlap && arenaOf(a) === arenaOf(b);
    });
    expect(over).toEqual([]);
  }
});

it('is one arena where that is enough', () => {
  const { ends } = placeInArenas(blocks, { together, from: 128, most: Infinity });
  expect(ends).toEqual([place(blocks, 128)]);
});
