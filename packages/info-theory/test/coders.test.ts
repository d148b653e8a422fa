import { Generator } from '@llm101/random';
import { expectClose } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageMerge } from '../src/coding/huffman-lengths.js';
import {
  AdaptiveCounts,
  BitReader,
  BitWriter,
  CodecError,
  entropy,
  FrequencyTable,
  HuffmanCode,
  HuffmanEncoder,
  huffmanLengths,
  makeDecoder,
  makeEncoder,
  scaledFrequencies,
  TableModel,
} from '../src/index.js';
import type { CoderName, SymbolCoder } from '../src/index.js';

const CODERS: CoderName[] = ['huffman', 'arithmetic', 'rans'];

/** What is coded: with a table each, or a yes or no. */
type Step =
  | { readonly table: FrequencyTable; readonly symbol: number }
  | { readonly one: number; readonly bit: number };

function run(step: Step, coder: SymbolCoder, reading: boolean): number {
  return 'table' in step
    ? coder.code(step.table, reading ? 0 : step.symbol)
    : coder.codeBit(step.one, reading ? 0 : step.bit);
}

function encoded(name: CoderName, steps: readonly Step[]): Uint8Array {
  const encoder = makeEncoder(name);
  for (const step of steps) run(step, encoder, false);
  return encoder.finish();
}

/** Frequencies of every kind that sum to a power of two, a symbol that has one, and bits between. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      fc.array(fc.oneof(fc.constant(0), fc.nat(9), fc.nat(10_000)), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.integer({ min: 7, max: 16 }),
      fc.nat(),
    )
    .filter(([weights]) => weights.some((weight) => weight > 0))
    .map(([weights, power, pick]) => {
      const table = scaledFrequencies(weights, 2 ** power);
      return { table, symbol: pick % table.size };
    }),
  fc.record({
    one: fc.oneof(fc.constantFrom(1, 32768, 65535), fc.integer({ min: 1, max: 65535 })),
    bit: fc.nat(1),
  }),
);

describe.each(CODERS)('%s', (name) => {
  it('gives back what it was given, for any distributions, and ends where the code ends', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const decoder = makeDecoder(name, encoded(name, steps));
        for (const now of steps) {
          expect(run(now, decoder, true)).toBe('table' in now ? now.symbol : now.bit);
        }
        decoder.finish();
      }),
      { numRuns: 300 },
    );
  });
  it('notices bytes that are missing, and bytes too many', () => {
    const random = Generator.seeded(3);
    const table = new FrequencyTable([1, 2, 5, 8]);
    const steps = Array.from({ length: 300 }, () => ({
      table,
      symbol: table.symbolAt(Math.floor(random.nextDouble() * 16)),
    }));
    const code = encoded(name, steps);
    const decode = (bytes: Uint8Array) => {
      const decoder = makeDecoder(name, bytes);
      for (const now of steps) run(now, decoder, true);
      decoder.finish();
    };
    expect(() => decode(code)).not.toThrow();
    for (let kept = 0; kept < code.length; kept++) {
      expect(() => decode(code.subarray(0, kept))).toThrow(CodecError);
    }
    expect(() => decode(Uint8Array.of(...code, 0))).toThrow(CodecError);
  });
  it('refuses what it cannot write', () => {
    const encoder = makeEncoder(name);
    const table = new FrequencyTable([1, 0, 3]);
    expect(() => encoder.code(table, 3)).toThrow('a symbol must be a whole number, 0 … 2; got 3');
    expect(() => encoder.code(table, 1)).toThrow('got symbol 1, whose frequency is 0');
    expect(() => encoder.codeBit(0, 1)).toThrow('must be a whole number, 1 … 65535; got 0');
    expect(() => encoder.codeBit(65536, 1)).toThrow('1 … 65535; got 65536');
    expect(() => encoder.codeBit(1, 2)).toThrow('a bit must be 0 or 1; got 2');
  });
});

describe('length of code', () => {
  const draws = (table: FrequencyTable, n: number, seed: number) => {
    const random = Generator.seeded(seed);
    return Array.from({ length: n }, () =>
      table.symbolAt(Math.floor(random.nextDouble() * table.total)),
    );
  };
  const tables: [string, FrequencyTable][] = [
    ['27 letters', scaledFrequencies(Array.from({ length: 27 }, (_, i) => 1 / (i + 1)))],
    ['a rare event', new FrequencyTable([65530, 6])],
    ['bytes', scaledFrequencies(Array.from({ length: 256 }, (_, i) => 1 + (i % 7)))],
  ];
  it.each(tables)('arithmetic and rANS are within 0.1 %% of the surprisal: %s', (_name, table) => {
    const symbols = draws(table, 100_000, 5);
    const bits = symbols.reduce((sum, s) => sum - Math.log2(table.frequency(s) / table.total), 0);
    for (const coder of ['arithmetic', 'rans'] as const) {
      const encoder = makeEncoder(coder);
      const model = new TableModel(table);
      for (const symbol of symbols) model.code(encoder, symbol);
      // Four bytes of state; less than the surprisal by 1e-4 where rounding favours what came.
      const length = 8 * encoder.finish().length;
      expect(length).toBeLessThanOrEqual(bits * 1.001 + 32);
      expect(length).toBeGreaterThanOrEqual(bits * 0.9999 - 8);
    }
  });
  it('arithmetic coding takes totals that are no power of two', () => {
    const table = new FrequencyTable([1, 1, 1]);
    const encoder = makeEncoder('arithmetic');
    const symbols = draws(table, 9_000, 1);
    for (const symbol of symbols) encoder.code(table, symbol);
    const bytes = encoder.finish();
    expectClose(8 * bytes.length, 9_000 * Math.log2(3), { absolute: 8, relative: 1e-3 });
    const decoder = makeDecoder('arithmetic', bytes);
    expect(symbols.map(() => decoder.code(table, 0))).toEqual(symbols);
    const rans = makeEncoder('rans');
    expect(() => rans.code(table, 0)).toThrow('must sum to a power of two; got 3');
  });
  it('carries run through held bytes', () => {
    // The likeliest last symbol again and again drives the lower end towards 0xffff…, the first one then leaves it there.
    const table = new FrequencyTable([1, 65534, 1]);
    for (const last of [0, 1, 2]) {
      for (let n = 0; n < 40; n++) {
        const steps = Array.from({ length: n }, () => ({ table, symbol: 2 }));
        const all = [...steps, ...Array.from({ length: 5 }, () => ({ table, symbol: last }))];
        const decoder = makeDecoder('arithmetic', encoded('arithmetic', all));
        expect(all.map((now) => run(now, decoder, true))).toEqual(all.map((now) => now.symbol));
        decoder.finish();
      }
    }
  });
  it('an empty message', () => {
    expect(encoded('huffman', [])).toHaveLength(0);
    expect(encoded('arithmetic', [])).toHaveLength(1);
    expect(encoded('rans', [])).toHaveLength(4);
  });
});

describe('Huffman', () => {
  it('codes the example of Cover and Thomas (2006), 5.6.1', () => {
    const lengths = huffmanLengths([0.25, 0.25, 0.2, 0.15, 0.15]);
    expect([...lengths]).toEqual([2, 2, 2, 3, 3]); // 2.3 bits on average
    const code = new HuffmanCode(lengths);
    expect([0, 1, 2, 3, 4].map((symbol) => code.digits(symbol))).toEqual([
      '00',
      '01',
      '10',
      '110',
      '111',
    ]);
  });
  it('keeps to a limit: Fibonacci weights want one code of each length', () => {
    const weights = [1, 1, 2, 3, 5, 8, 13, 21];
    expect([...huffmanLengths(weights)]).toEqual([7, 7, 6, 5, 4, 3, 2, 1]);
    const limited = huffmanLengths(weights, 4);
    expect(Math.max(...limited)).toBe(4);
    const cost = (lengths: Uint8Array) => lengths.reduce((sum, l, i) => sum + l * weights[i], 0);
    expect(cost(huffmanLengths(weights))).toBe(132);
    expect(cost(limited)).toBe(bestLimited(weights, 4));
  });
  it('is within a bit of the entropy, and complete', () => {
    const weights = fc
      .array(fc.nat(1000), { minLength: 2, maxLength: 60 })
      .filter((values) => values.filter((value) => value > 0).length > 1);
    fc.assert(
      fc.property(weights, (values) => {
        const lengths = huffmanLengths(values, 20);
        const total = values.reduce((sum, value) => sum + value, 0);
        const p = values.map((value) => value / total);
        const mean = p.reduce((sum, value, i) => sum + value * lengths[i], 0);
        const h = entropy(p, { unit: 'bits' });
        expect(mean).toBeGreaterThanOrEqual(h - 1e-12);
        expect(mean).toBeLessThan(h + 1);
        expect(() => new HuffmanCode(lengths)).not.toThrow();
        expect(values.every((value, i) => value > 0 === lengths[i] > 0)).toBe(true);
      }),
    );
  });
  it('by joining and by packages costs the same where the limit is wide', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 24 });
    fc.assert(
      fc.property(weights, (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const cost = (lengths: Uint8Array) =>
          lengths.reduce((sum, length, i) => sum + length * sorted[i], 0);
        // 23 bits are as many as 24 symbols can need.
        expect(cost(huffmanLengths(sorted, 23))).toBe(cost(packageMerge(sorted, 23)));
      }),
    );
  });
  it('reads back from lengths alone, a symbol alone too', () => {
    for (const weights of [
      [0, 4],
      [3, 1, 1, 1, 0, 9],
    ]) {
      const lengths = huffmanLengths(weights);
      const writer = new BitWriter();
      const symbols = weights.flatMap((weight, i) => Array.from({ length: weight }, () => i));
      for (const symbol of symbols) new HuffmanCode(lengths).write(writer, symbol);
      const reader = new BitReader(writer.bytes());
      const code = new HuffmanCode(lengths);
      expect(symbols.map(() => code.read(reader))).toEqual(symbols);
      reader.finish();
    }
  });
  it('has a code for each of 65,536 symbols', () => {
    const table = new FrequencyTable(new Uint32Array(65536).fill(1));
    const encoder = new HuffmanEncoder();
    encoder.code(table, 65535);
    expect(encoder.finish()).toEqual(Uint8Array.of(255, 255));
  });
  it.each([
    [() => huffmanLengths([]), 'a symbol must have a frequency above 0; got none'],
    [() => huffmanLengths([0, 0]), 'a symbol must have a frequency above 0; got none'],
    [() => huffmanLengths([1, -1]), 'frequencies must be finite and not negative; got -1'],
    [() => huffmanLengths([1, 1, 1], 1), 'must allow 3 codes; got 1 bits, which allow 2'],
    [() => huffmanLengths([1, 1], 31), 'longest must be at most 30; got 31'],
    [() => new HuffmanCode([1, 2]), 'must sum to 1; got 0.75'],
    [() => new HuffmanCode([1, 1, 1]), 'must sum to 1; got 1.5'],
    [() => new HuffmanCode([31]), 'lengths must be whole numbers, 0 … 30; got 31 at index 0'],
  ])('%o', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

/** The least cost of all complete sets of lengths up to `longest`, by trying them. */
function bestLimited(weights: readonly number[], longest: number): number {
  const sorted = weights.toSorted((a, b) => b - a);
  const best = (i: number, left: number, shortest: number): number => {
    if (i === sorted.length) return left === 0 ? 0 : Infinity;
    let least = Infinity;
    for (let length = shortest; length <= longest; length++) {
      const share = 2 ** (longest - length);
      if (share > left) continue;
      least = Math.min(least, length * sorted[i] + best(i + 1, left - share, length));
    }
    return least;
  };
  return best(0, 2 ** longest, 1);
}

describe('FrequencyTable', () => {
  it('lays symbols side by side', () => {
    const table = new FrequencyTable([2, 0, 3, 0]);
    expect([table.size, table.total, table.start(2), table.frequency(2)]).toEqual([4, 5, 2, 3]);
    expect([0, 1, 2, 3, 4].map((place) => table.symbolAt(place))).toEqual([0, 0, 2, 2, 2]);
  });
  it.each([
    [[], 'must sum to 1 … 65536; got 0'],
    [[0], 'must sum to 1 … 65536; got 0'],
    [[65536, 1], 'got 65537; scale them with scaledFrequencies()'],
    [[1, -1], 'must be whole numbers from 0 on; got -1 at index 1'],
    [[0.5], 'must be whole numbers from 0 on; got 0.5 at index 0'],
  ])('%j', (frequencies, message) => {
    expect(() => new FrequencyTable(frequencies)).toThrow(RangeError);
    expect(() => new FrequencyTable(frequencies)).toThrow(message);
  });
});

it('adaptive counts come near to the entropy of what they code', () => {
  const random = Generator.seeded(9);
  const symbols = Array.from({ length: 20_000 }, () => Math.floor(random.nextDouble() ** 3 * 27));
  const counts = new Float64Array(27);
  for (const symbol of symbols) counts[symbol] += 1 / symbols.length;
  const encoder = makeEncoder('arithmetic');
  const model = new AdaptiveCounts(27);
  for (const symbol of symbols) model.code(encoder, symbol);
  // (27 - 1) / 2 · log2 20,000 = 186 bits for learning the counts, and some for the table's eighths.
  const bits = 8 * encoder.finish().length;
  expectClose(bits, entropy(counts, { unit: 'bits' }) * 20_000, { absolute: 500 });
});
