import { Generator } from '@llm101/random';
import { expectClose } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  guessingBounds,
  guessRanks,
  NgramModel,
  sequenceCrossEntropy,
  sequenceSurprisals,
} from '../src/index.js';
import type { NgramOptions, Smoothing } from '../src/index.js';
import { NgramTree } from '../src/language/ngram-tree.js';

const rounding = { absolute: 1e-15, relative: 1e-14 };
const smoothings: Smoothing[] = ['kneser-ney', 'witten-bell'];

function trained(options: NgramOptions, sequences: number[][]): NgramModel {
  const model = new NgramModel(options);
  for (const sequence of sequences) model.observe(sequence);
  return model;
}

describe('by hand', () => {
  it('Witten–Bell adds 2 imaginary draws to a context of 2 symbols in 3 places', () => {
    const model = trained({ size: 4, order: 2, smoothing: 'witten-bell' }, [[0, 1, 0, 1, 0, 2]]);
    // Alone: 0, 1, 2 occur 3, 2, 1 times, 3 kinds: (n + 3/4) / 9.
    const alone = [15 / 36, 11 / 36, 7 / 36, 3 / 36];
    expectClose(model.probabilities([3]), alone, rounding); // a context that never occurred
    // After 0: 1 twice, 2 once, 2 kinds.
    expectClose(
      model.probabilities([0]),
      [2 * alone[0], 2 + 2 * alone[1], 1 + 2 * alone[2], 2 * alone[3]].map((v) => v / 5),
      rounding,
    );
    // At the start: 0 once, 1 kind.
    expectClose(
      model.probabilities([]),
      alone.map((p, w) => (p + (w === 0 ? 1 : 0)) / 2),
      rounding,
    );
  });
  it('Kneser–Ney counts contexts, not places, for what comes after an unknown context', () => {
    // 1 occurs five times, but after 0 only; 2 twice, after 0 and after 1; 0 after the start, 1 and 2.
    const sequences = [
      [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
      [0, 2, 0],
      [0, 1, 2],
    ];
    const model = trained({ size: 3, order: 2 }, sequences);
    // Continuations 0: 3, 1: 1, 2: 2. One of each of 1, 2, 3 and none of 4: a single discount 1 / (1 + 2) = 1/3.
    const alone = [3 - 1 / 3 + 1 / 3, 1 - 1 / 3 + 1 / 3, 2 - 1 / 3 + 1 / 3].map((v) => v / 6);
    // Where nothing precedes: 0 three times. 3 - 1/2 of it, and the rest by the continuations.
    const atStart = alone.map((p, w) => ((w === 0 ? 2.5 : 0) + 0.5 * p) / 3);
    expectClose(model.probabilities([]), atStart, rounding);
    // Bigrams: 01 six times, 02 once, 10 four times, 12 once, 20 once, start 0 three times. n1 = 3, n2 = 0: one half.
    const afterTwo = alone.map((p) => 0.5 * p); // 20 once, half of it is taken
    afterTwo[0] += 0.5;
    expectClose(model.probabilities([2]), afterTwo, rounding);
    const afterZero = alone.map((p) => (1 / 7) * p);
    afterZero[1] += 5.5 / 7;
    afterZero[2] += 0.5 / 7;
    expectClose(model.probabilities([1, 0]), afterZero, rounding);
  });
  it('nothing observed: uniform', () => {
    for (const smoothing of smoothings) {
      const model = new NgramModel({ size: 4, order: 3, smoothing });
      expect(model.probabilities([1, 2])).toEqual(Float64Array.of(0.25, 0.25, 0.25, 0.25));
    }
  });
});

/**
 * Modified Kneser–Ney from its definition, with no tree: n-grams as text, counted by looking through all of them. A
 * sequence starts with `order - 1` symbols `^`.
 */
function kneserNeyByDefinition(
  sequences: number[][],
  size: number,
  order: number,
): (context: number[]) => number[] {
  const letter = (symbol: number) => String.fromCharCode(97 + symbol);
  const padded = sequences.map((s) => '^'.repeat(order - 1) + s.map(letter).join(''));
  /** The n-grams of this length that end in a symbol of a sequence. */
  const grams = (n: number) =>
    padded.flatMap((s) =>
      Array.from({ length: s.length - order + 1 }, (_, i) => s.slice(i + order - n, i + order)),
    );
  const count = (list: string[]) => {
    const table = new Map<string, number>();
    for (const gram of list) table.set(gram, (table.get(gram) ?? 0) + 1);
    return table;
  };
  const tables = Array.from({ length: order }, (_, i) => {
    const n = i + 1;
    if (n === order) {
      // Longer runs of ^ than one say nothing more: those n-grams belong to shorter contexts, below.
      return count(grams(n).filter((gram) => !gram.startsWith('^^')));
    }
    const started = count(grams(n).filter((g) => g.startsWith('^') && !g.startsWith('^^')));
    const longer = new Set(grams(n + 1).filter((g) => !g.slice(1).startsWith('^')));
    for (const [gram, times] of count([...longer].map((g) => g.slice(1)))) started.set(gram, times);
    return started;
  });
  const discounts = tables.map((table) => {
    const kinds = [0, 1, 2, 3, 4].map((k) => [...table.values()].filter((v) => v === k).length);
    const [, n1, n2, n3, n4] = kinds;
    const y = n1 > 0 && n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5;
    if (n1 * n2 * n3 * n4 === 0) return [0, y, y, y];
    const raw = [1 - (2 * y * n2) / n1, 2 - (3 * y * n3) / n2, 3 - (4 * y * n4) / n3];
    return [0, ...raw.map((d, i) => Math.min(Math.max(d, 1 / 16), i + 1))];
  });
  return (context) => {
    const text = '^'.repeat(order) + context.map(letter).join('');
    const probability = (symbol: number, length: number): number => {
      if (length < 0) return 1 / size;
      const before = text.slice(text.length - length, text.length);
      const shorter = probability(symbol, length - 1);
      if (before.startsWith('^^')) return shorter;
      let total = 0;
      let taken = 0;
      for (const [gram, times] of tables[length]) {
        if (gram.slice(0, -1) !== before) continue;
        total += times;
        taken += discounts[length][Math.min(times, 3)];
      }
      if (total === 0) return shorter;
      const own = tables[length].get(before + letter(symbol)) ?? 0;
      return (own - discounts[length][Math.min(own, 3)] + taken * shorter) / total;
    };
    return Array.from({ length: size }, (_, symbol) => probability(symbol, order - 1));
  };
}

/** Sequences whose symbols depend on those before: each is a step from the last. */
function walks(count: number, size: number, random: Generator): number[][] {
  return Array.from({ length: count }, () => {
    const length = 1 + Math.floor(random.nextDouble() * 8);
    let symbol = Math.floor(random.nextDouble() ** 2 * size);
    return Array.from({ length }, () => {
      symbol = (symbol + Math.floor(random.nextDouble() ** 3 * size)) % size;
      return symbol;
    });
  });
}

it.each([1, 2, 3, 4])('Kneser–Ney of order %i equals its definition', (order) => {
  const random = Generator.seeded(101);
  const sequences = walks(60, 6, random);
  const model = trained({ size: 7, order }, sequences);
  const expected = kneserNeyByDefinition(sequences, 7, order);
  for (const context of [[], [0], [6], ...walks(30, 7, random)]) {
    // Sums of a few dozen counts, divided four times.
    expectClose(model.probabilities(context), expected(context), { relative: 1e-12 });
  }
});

describe.each(smoothings)('%s', (smoothing) => {
  const sequence = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 });
  it('makes distributions without zeros, learning as it goes or at once', () => {
    fc.assert(
      fc.property(
        fc.array(sequence, { maxLength: 8 }),
        sequence,
        fc.integer({ min: 1, max: 5 }),
        (sequences, context, order) => {
          const model = trained({ size: 5, order, smoothing }, sequences);
          const p = model.probabilities(context);
          expect(Math.min(...p)).toBeGreaterThan(0);
          expectClose(
            p.reduce((sum, value) => sum + value, 0),
            1,
            { absolute: 1e-12 },
          );
          const online = new NgramModel({ size: 5, order, smoothing });
          for (const symbols of sequences) {
            for (const [i, symbol] of symbols.entries()) {
              online.observeNext(symbols.slice(0, i), symbol);
            }
          }
          expect(online.probabilities(context)).toEqual(p);
          expect(Float64Array.from(p, (_, w) => model.probability(context, w))).toEqual(p);
        },
      ),
    );
  });
  it('finds the entropy of a chain that it can learn, and never less', () => {
    // 0 is followed by 1; 1 by 0 or 2, equally likely; 2 by 0. One bit at every visit of 1.
    const random = Generator.seeded(5);
    const chain = (n: number) => {
      let symbol = 0;
      return Array.from({ length: n }, () => {
        const now = symbol;
        if (now === 1) symbol = random.nextDouble() < 0.5 ? 0 : 2;
        else symbol = now === 0 ? 1 : 0;
        return now;
      });
    };
    const model = trained({ size: 3, order: 3, smoothing }, [chain(20_000)]);
    // Stationary: half of the cycles are 01, half 012: 1 is visited in 1 of 2.5 places.
    const h = sequenceCrossEntropy(model, [chain(20_000)], { unit: 'bits' });
    expectClose(h, 0.4, { absolute: 0.01 }); // its sampling error is 0.4 / √20,000 = 0.003
  });
});

describe('surprisal', () => {
  const model = trained({ size: 3, order: 2 }, [
    [0, 1, 2],
    [0, 1, 1],
  ]);
  it('adds up to the cross-entropy', () => {
    const lines = [[0, 1, 2], [2], []];
    const all = lines.flatMap((line) => [...sequenceSurprisals(model, line, { unit: 'bits' })]);
    expect(all).toHaveLength(4);
    expectClose(
      sequenceCrossEntropy(model, lines, { unit: 'bits' }),
      all.reduce((sum, value) => sum + value, 0) / 4,
      rounding,
    );
    expectClose(all[1], -Math.log2(model.probabilities([0])[1]), rounding);
  });
  it('is infinite where a model rules a symbol out', () => {
    const certain = { size: 2, probabilities: () => [1, 0] };
    expect(sequenceSurprisals(certain, [0, 1])).toEqual(Float64Array.of(0, Infinity));
    expect(sequenceCrossEntropy(certain, [[0, 1]])).toBe(Infinity);
  });
  it('takes nothing that the model does not know', () => {
    expect(() => sequenceSurprisals(model, [3])).toThrow(
      new RangeError('sequenceSurprisals: a symbol must be a whole number, 0 … 2; got 3'),
    );
    expect(() => sequenceCrossEntropy(model, [[]])).toThrow('must have a symbol; got none');
  });
});

describe('the guessing game', () => {
  it('counts guesses', () => {
    const model = { size: 3, probabilities: () => [0.2, 0.6, 0.2] };
    expect(guessRanks(model, [[1, 1, 0], [2]])).toEqual(Uint32Array.of(2, 1, 1));
  });
  it('bounds the entropy of independent symbols, whose ranks are the symbols', () => {
    // 3/4 and 1/4: at least 2 · 1/4 · 1 bit, at most the entropy itself.
    const { lower, upper } = guessingBounds([3, 1], { unit: 'bits' });
    expectClose(lower, 0.5, rounding);
    expectClose(upper, 2 - 0.75 * Math.log2(3), rounding);
    // Equal everywhere: both bounds are ln n.
    const uniform = guessingBounds([5, 5, 5]);
    expectClose([uniform.lower, uniform.upper], [Math.log(3), Math.log(3)], rounding);
  });
  it('keeps the bounds in order where a small sample has the later ranks more often', () => {
    const counts = fc.array(fc.nat(9), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(counts, (ranks) => {
        fc.pre(ranks.some((n) => n > 0));
        const { lower, upper } = guessingBounds(ranks);
        expect(lower).toBeGreaterThanOrEqual(-1e-13);
        expect(lower).toBeLessThanOrEqual(upper + 1e-13);
      }),
    );
  });
});

describe('refusals', () => {
  it.each([
    [{ size: 0, order: 1 }, 'NgramModel: size must be a whole number from 1 on; got 0'],
    [{ size: 2, order: 0 }, 'NgramModel: order must be a whole number from 1 on; got 0'],
  ])('%j', (options, message) => {
    expect(() => new NgramModel(options)).toThrow(new RangeError(message));
  });
  it('more contexts than memory holds', () => {
    const tree = new NgramTree(3, 3);
    for (const symbol of [0, 1, 2]) tree.add([], symbol); // the start
    tree.add([0], 1); // 0, and 0 at the start
    expect(() => tree.add([0, 1], 2)).toThrow(
      'a text must have at most 3 different contexts of up to 2 symbols; this one has more; take a lower order',
    );
  });
  it('an unknown smoothing, a symbol too large', () => {
    // @ts-expect-error: 'laplace' is no smoothing
    const options: NgramOptions = { size: 2, order: 1, smoothing: 'laplace' };
    expect(() => new NgramModel(options)).toThrow("or 'witten-bell'; got laplace");
    const model = new NgramModel({ size: 2, order: 1 });
    expect(() => model.observe([0, 2])).toThrow('a symbol must be a whole number, 0 … 1; got 2');
    expect(() => model.observeNext([], -1)).toThrow('0 … 1; got -1');
  });
});
