import { Generator } from '@llm101/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ArrayDataset,
  CharTokenizer,
  DataLoader,
  NextTokenDataset,
  trainTestSplit,
} from '../src/index.js';
import type { Batch, Dataset } from '../src/index.js';
import { allRows } from './all-rows.js';

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'z', 'é', '😀'), maxLength: 12 });
const words = fc.array(word, { minLength: 1, maxLength: 12 });
const tokenizer = CharTokenizer.fromAlphabet('abzé😀');

describe('CharTokenizer', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (raw) => {
        const text = raw.replaceAll(/[\n\r.]/g, '');
        fc.pre(text !== '');
        const made = CharTokenizer.fromText([text]);
        expect(made.decode(made.encode(text))).toBe(text);
        const again = CharTokenizer.fromJSON(JSON.parse(JSON.stringify(made)));
        expect(again.encode(text)).toEqual(made.encode(text));
      }),
    );
  });
  it('encodes what it decoded', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 })), (tokens) => {
        expect([...tokenizer.encode(tokenizer.decode(tokens))]).toEqual(tokens);
      }),
    );
  });
});

describe('NextTokenDataset', () => {
  it('holds every line, and in each context what was before', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 15 }), (lines, contextSize) => {
        const dataset = new NextTokenDataset(lines, tokenizer, contextSize);
        const { inputs, targets } = allRows(dataset);
        expect(tokenizer.decode(targets)).toBe(lines.map((line) => `${line}.`).join(''));
        let seen: number[] = [];
        for (let row = 0; row < dataset.length; row++) {
          const context = inputs.subarray(row * contextSize, (row + 1) * contextSize);
          const padded = [...Array<number>(contextSize).fill(0), ...seen];
          expect([...context]).toEqual(padded.slice(-contextSize));
          const target = targets[row];
          seen = target === 0 ? [] : [...seen, target];
        }
      }),
    );
  });
});

describe('trainTestSplit', () => {
  const fraction = fc.double({ min: 0.01, max: 0.5, noNaN: true });
  it('puts each item on one side', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2 }), fraction, seed, (items, testSize, s) => {
        const generator = Generator.seeded(s);
        const { train, test } = trainTestSplit(items, { testSize, generator });
        expect([...train, ...test].sort()).toEqual([...items].sort());
        expect(test).toHaveLength(Math.ceil(testSize * items.length));
      }),
    );
  });
  it('keeps copies together when distinct items are split', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2 }), fraction, seed, (items, testSize, s) => {
        fc.pre(new Set(items).size > 1);
        const generator = Generator.seeded(s);
        const { train, test } = trainTestSplit(items, { testSize, generator, distinct: true });
        expect([...train, ...test].sort()).toEqual([...items].sort());
        expect(test.filter((item) => train.includes(item))).toEqual([]);
      }),
    );
  });
});

describe('DataLoader', () => {
  const anyLoader = fc.record({
    length: fc.integer({ min: 1, max: 60 }),
    batchSize: fc.integer({ min: 1, max: 70 }),
    shuffle: fc.boolean(),
    s: seed,
  });
  it('gives each row once a pass, and the same again on a replay', () => {
    fc.assert(
      fc.property(anyLoader, ({ length, batchSize, shuffle, s }) => {
        const generator = Generator.seeded(s);
        const loader = new DataLoader(numbered(length), { batchSize, shuffle, generator });
        const pass = loader.pass();
        const first = copies(pass);
        expect(first).toHaveLength(loader.length);
        const rows = first.flatMap(({ targets }) => targets).sort((a, b) => a - b);
        expect(rows).toEqual(Array.from({ length }, (_, i) => i));
        expect(
          first.every(({ inputs, targets }) => inputs.join() === targets.map(double).join()),
        ).toBe(true);
        expect(copies(pass)).toEqual(first);
        expect(copies(pass.from(loader.length >> 1))).toEqual(first.slice(loader.length >> 1));
      }),
    );
  });
});

const double = (row: number): number => 2 * row;

/** Row i is `[2 i]` with target i. */
function numbered(length: number): Dataset {
  const targets = Int32Array.from({ length }, (_, i) => i);
  return new ArrayDataset({ contextSize: 1, inputs: targets.map(double), targets });
}

function copies(batches: Iterable<Batch>): { inputs: number[]; targets: number[] }[] {
  return Array.from(batches, ({ inputs, targets }) => ({
    inputs: [...inputs],
    targets: [...targets],
  }));
}
