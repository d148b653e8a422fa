// The batch that a step will learn from, seen before it does.
import { ArrayDataset, DataLoader, RandomLoader } from '@llm101/data';
import { Generator } from '@llm101/random';
import { expect, it } from 'vitest';
import { InfiniteLoader } from '../src/index.js';

const data = new ArrayDataset({
  inputs: Int32Array.from({ length: 14 }, (_, i) => i),
  targets: Int32Array.from({ length: 7 }, (_, i) => i + 2),
  contextSize: 2,
});

const loaders = {
  'in an order that stays': () => {
    const generator = Generator.seeded(1);
    return new InfiniteLoader(new DataLoader(data, { batchSize: 3, shuffle: true, generator }));
  },
  'in an order that is drawn for each pass': () => {
    const generator = Generator.seeded(1);
    const loader = new DataLoader(data, { batchSize: 3, shuffle: true, generator });
    return new InfiniteLoader(loader, { reshuffle: true });
  },
  'in an order that is drawn ahead': () => {
    const generator = Generator.seeded(1);
    return new InfiniteLoader(new RandomLoader(data, { batchSize: 3, generator }), { ahead: true });
  },
  'one after the other': () => new InfiniteLoader(new DataLoader(data, { batchSize: 3 })),
};

it.each(Object.entries(loaders))('is what comes next, %s, and taken by nobody', (_, make) => {
  const [seen, plain] = [make(), make()];
  const [taken, expected] = [seen[Symbol.iterator](), plain[Symbol.iterator]()];
  for (let i = 0; i < 8; i++) {
    const peeked = seen.peek();
    expect(seen.peek()).toEqual(peeked);
    const batch = taken.next().value;
    expect(peeked).toEqual(batch);
    expect(batch).toEqual(expected.next().value);
    expect(peeked.inputs).not.toBe(batch.inputs);
  }
});
