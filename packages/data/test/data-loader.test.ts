import { Generator, randomInt64, randperm } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import { ArrayDataset, type Batch, DataLoader, type Dataset } from '../src/index.js';
import { thrownBy } from './thrown-by.js';

/** Row i is `[10 i, 10 i + 1]` with target i. */
function numbered(length: number): Dataset {
  const inputs = Int32Array.from({ length: 2 * length }, (_, i) => 10 * (i >> 1) + (i & 1));
  const targets = Int32Array.from({ length }, (_, i) => i);
  return new ArrayDataset({ contextSize: 2, inputs, targets });
}

function rows(batches: Iterable<Batch>): number[][] {
  return Array.from(batches, ({ targets }) => [...targets]);
}

const seeded = (): Generator => Generator.seeded(101);

describe('a loader in order', () => {
  const loader = new DataLoader(numbered(5), { batchSize: 2 });
  it('gives rows in their order, the last batch smaller', () => {
    expect(loader.length).toBe(3);
    expect(loader.batchSize).toBe(2);
    const batches = Array.from(loader, ({ inputs, targets, size, contextSize }) => ({
      inputs: [...inputs],
      targets: [...targets],
      size,
      contextSize,
    }));
    expect(batches).toEqual([
      { inputs: [0, 1, 10, 11], targets: [0, 1], size: 2, contextSize: 2 },
      { inputs: [20, 21, 30, 31], targets: [2, 3], size: 2, contextSize: 2 },
      { inputs: [40, 41], targets: [4], size: 1, contextSize: 2 },
    ]);
  });
  it('leaves out a smaller last batch where asked for', () => {
    const whole = new DataLoader(numbered(5), { batchSize: 2, dropLast: true });
    expect(whole.length).toBe(2);
    expect(rows(whole)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
  it('makes one batch when the batch size is larger than the data set', () => {
    const loader = new DataLoader(numbered(3), { batchSize: 2 ** 40 });
    expect(rows(loader)).toEqual([[0, 1, 2]]);
  });
  it('uses a batch again, each iterator its own', () => {
    const pass = loader.pass();
    const one = pass[Symbol.iterator]();
    const other = pass[Symbol.iterator]();
    const first: Batch = one.next().value;
    expect([...first.targets]).toEqual([0, 1]);
    expect(one.next().value).toBe(first);
    expect([...first.targets]).toEqual([2, 3]);
    const elsewhere: Batch = other.next().value;
    expect([...elsewhere.targets]).toEqual([0, 1]);
    expect([...first.targets]).toEqual([2, 3]);
    const last: Batch = one.next().value;
    expect(last.inputs.buffer).toBe(first.inputs.buffer);
  });
});

describe('a shuffled loader', () => {
  const options = { batchSize: 3, shuffle: true };
  it('draws as PyTorch does: a base seed, a seed, an order', () => {
    const generator = seeded();
    const loader = new DataLoader(numbered(10), { ...options, generator });
    const expected = seeded();
    for (let pass = 0; pass < 3; pass++) {
      randomInt64(expected);
      const order = randperm(Generator.seeded(randomInt64(expected)), 10);
      expect(rows(loader).flat()).toEqual([...order]);
    }
    expect(generator.state()).toEqual(expected.state());
  });
  it('draws only the base seed when it does not shuffle', () => {
    const generator = seeded();
    rows(new DataLoader(numbered(4), { batchSize: 3, generator }));
    const expected = seeded();
    randomInt64(expected);
    expect(generator.state()).toEqual(expected.state());
  });
  it('repeats a pass in the same order and draws nothing for it', () => {
    const generator = seeded();
    const pass = new DataLoader(numbered(10), { ...options, generator }).pass();
    const drawn = generator.state();
    const first = rows(pass);
    expect(rows(pass)).toEqual(first);
    expect(generator.state()).toEqual(drawn);
    expect(pass).toHaveLength(4);
  });
  it('draws a new order for each pass', () => {
    const loader = new DataLoader(numbered(100), { ...options, generator: seeded() });
    expect(rows(loader)).not.toEqual(rows(loader));
  });
  it('resumes in the middle of a pass', () => {
    const pass = new DataLoader(numbered(10), { ...options, generator: seeded() }).pass();
    const all = rows(pass);
    for (let i = 0; i <= pass.length; i++) {
      const rest = pass.from(i);
      expect(rows(rest)).toEqual(all.slice(i));
      expect(rows(rest)).toEqual(all.slice(i));
    }
  });
  it('resumes in a pass that was made again from a saved state', () => {
    const generator = seeded();
    const loader = new DataLoader(numbered(10), { ...options, generator });
    rows(loader);
    const saved = generator.state();
    const expected = rows(loader).slice(2);
    const resumed = new DataLoader(numbered(10), {
      ...options,
      generator: Generator.fromState(saved),
    });
    expect(rows(resumed.pass().from(2))).toEqual(expected);
  });
  it.each([-1, 5, 0.5, Number.NaN])('has no batch %d to resume from', (i) => {
    const pass = new DataLoader(numbered(10), { ...options, generator: seeded() }).pass();
    expect(() => pass.from(i)).toThrow(RangeError);
    expect(() => pass.from(i)).toThrow(`batchIndex must be a whole number from 0 to 4; got ${i}`);
  });
});

describe('errors', () => {
  it.each([0, -1, 1.5, Number.NaN])('must have a batch size from 1 on: %d', (batchSize) => {
    const make = () => new DataLoader(numbered(3), { batchSize });
    expect(make).toThrow(RangeError);
    expect(make).toThrow(
      `DataLoader: batchSize must be a whole number from 1 on; got ${batchSize}`,
    );
  });
  it('must have a generator to shuffle', () => {
    const error = thrownBy(() => new DataLoader(numbered(3), { batchSize: 1, shuffle: true }));
    expect(error).toMatch(/^TypeError: /);
    expect(error).toContain('pass generator: Generator.seeded(seed)');
  });
  it('must have a batch left', () => {
    const error = thrownBy(() => new DataLoader(numbered(3), { batchSize: 4, dropLast: true }));
    expect(error).toMatch(/^RangeError: /);
    expect(error).toContain('batchSize is 4 and the data set has 3 rows');
  });
  it('must have a row', () => {
    expect(() => new DataLoader(numbered(0), { batchSize: 4 })).toThrow(
      'length of the data set must be a whole number from 1 on; got 0',
    );
  });
});

it('gives tokens that need more than a byte as they are', () => {
  const inputs = Int32Array.from([0, 255, 256, 70_000, 1, 2]);
  const targets = Int32Array.from([300, 1, 2]);
  const dataset = new ArrayDataset({ inputs, targets, contextSize: 2 });
  const [batch] = new DataLoader(dataset, { batchSize: 3 });
  expect([...batch.inputs]).toEqual([...inputs]);
  expect([...batch.targets]).toEqual([300, 1, 2]);
});

describe('targets of each position', () => {
  const inputs = Int32Array.from([1, 2, 3, 4, 5, 6]);
  it('make batches of [B, T] targets', () => {
    const dataset = new ArrayDataset({ inputs, targets: inputs.map((x) => x + 1), contextSize: 2 });
    const batches = new DataLoader(dataset, { batchSize: 2 });
    expect(rows(batches)).toEqual([
      [2, 3, 4, 5],
      [6, 7],
    ]);
  });
  it('must be one for all, or one for each', () => {
    const dataset = new ArrayDataset({ inputs, targets: inputs, contextSize: 3 });
    expect(
      () => new DataLoader(Object.assign(dataset, { targetsPerRow: 2 }), { batchSize: 1 }),
    ).toThrow('DataLoader: targetsPerRow of the data set must be 1 or its contextSize, 3; got 2');
  });
  it.each([
    [4, 6],
    [2, 2],
  ])('must be whole rows: contexts of %d, %d targets', (contextSize, targets) => {
    const make = () => new ArrayDataset({ inputs, targets: new Int32Array(targets), contextSize });
    expect(make).toThrow(RangeError);
    expect(make).toThrow(`got 6 tokens and ${targets} targets`);
  });
});
