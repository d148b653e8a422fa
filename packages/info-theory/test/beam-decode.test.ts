import { readFileSync } from 'node:fs';
import { Generator } from '@llm101/random';
import { expectClose, namesPath } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beamDecode,
  binarySymmetricChannel,
  Channel,
  distribution,
  erasureChannel,
  likeliestSymbols,
  mixedPrior,
  NgramModel,
  priorOf,
  substitutionChannel,
  symbolErrorRate,
} from '../src/index.js';
import type { Hypothesis, LanguagePrior, SymbolPredictor } from '../src/index.js';

/** A Markov chain: what comes first, and what after each symbol. */
function chainOf(first: ArrayLike<number>, after: readonly ArrayLike<number>[]): SymbolPredictor {
  return {
    size: first.length,
    probabilities: (context) => (context.length === 0 ? first : after[context[context.length - 1]]),
  };
}

/** All sequences with their scores, by trying each. */
function exhaustive(received: number[], channel: Channel, chain: SymbolPredictor): Hypothesis[] {
  let all: Hypothesis[] = [{ symbols: [], score: 0 }];
  for (const y of received) {
    all = all.flatMap(({ symbols, score }) =>
      channel.matrix.map((row, x) => ({
        symbols: [...symbols, x],
        score: score + Math.log(row[y]) + Math.log(chain.probabilities(symbols)[x]),
      })),
    );
  }
  return all.sort((a, b) => b.score - a.score);
}

const row = (n: number) =>
  fc
    .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: n, maxLength: n })
    .map(distribution);
const setting = fc.integer({ min: 2, max: 3 }).chain((n) =>
  fc.record({
    first: row(n),
    after: fc.array(row(n), { minLength: n, maxLength: n }),
    matrix: fc.array(row(n), { minLength: n, maxLength: n }),
    received: fc.array(fc.nat(n - 1), { minLength: 1, maxLength: 5 }),
  }),
);

describe('beamDecode', () => {
  it('with a beam that holds all, is the likeliest sequence of all', () => {
    fc.assert(
      fc.property(setting, ({ first, after, matrix, received }) => {
        const channel = new Channel(matrix);
        const chain = chainOf(first, after);
        const [found] = beamDecode([received], { channel, prior: priorOf(chain), beamWidth: 243 });
        const all = exhaustive(received, channel, chain);
        expect(found).toHaveLength(all.length);
        // Ten logarithms added in another order.
        expectClose(
          found.map(({ score }) => score),
          all.map(({ score }) => score),
          { absolute: 1e-12 },
        );
        expectClose(
          scoreOf(likeliestSymbols(found), 0, all),
          Math.max(...first.map((_, x) => scoreOf([x], 0, all))),
          { relative: 1e-12 },
        );
      }),
      { numRuns: 60 },
    );
  });

  /** The probability of the symbol at a position, given all that was received. */
  function scoreOf(symbols: readonly number[], place: number, all: Hypothesis[]): number {
    return all
      .filter((hypothesis) => hypothesis.symbols[place] === symbols[place])
      .reduce((sum, { score }) => sum + Math.exp(score), 0);
  }

  it('goes forward with all sequences together, whatever their lengths', () => {
    const channel = substitutionChannel({ size: 4, rate: 0.2 });
    const model = new NgramModel({ size: 4, order: 3 });
    model.observe([0, 1, 2, 3, 0, 1, 2, 3, 0, 1]);
    const sizes: number[] = [];
    const prior: LanguagePrior = {
      size: 4,
      logProbabilities: (contexts) => {
        sizes.push(contexts.length);
        expect(new Set(contexts.map(({ length }) => length)).size).toBe(1);
        return priorOf(model).logProbabilities(contexts);
      },
    };
    const lines = [[0, 1, 2, 3, 0], [], [0, 2], [3, 3, 3]];
    const together = beamDecode(lines, { channel, prior, beamWidth: 3 });
    expect(sizes).toEqual([3, 9, 6, 3, 3]); // one call per position
    for (const [i, line] of lines.entries()) {
      expect(beamDecode([line], { channel, prior, beamWidth: 3 })[0]).toEqual(together[i]);
    }
    expect(together[1]).toEqual([{ symbols: [], score: 0 }]);
  });
  it('counts the end if given that symbol', () => {
    // After 1 a line never ends, so what is received as 1 was a 0.
    const chain = chainOf(
      [0.5, 0.5, 0],
      [
        [0.25, 0.25, 0.5],
        [0.5, 0.5, 0],
        [0, 0, 1],
      ],
    );
    const channel = substitutionChannel({ size: 3, rate: 0.1, spared: [2] });
    const decode = (end?: number) =>
      beamDecode([[1]], { channel, prior: priorOf(chain), ...(end === undefined ? {} : { end }) });
    expect(decode()[0][0].symbols).toEqual([1]);
    expect(decode(2)[0]).toHaveLength(1);
    expect(decode(2)[0][0].symbols).toEqual([0]);
    expectClose(decode(2)[0][0].score, Math.log(0.5 * 0.1 * 0.5), { absolute: 1e-15 });
  });
  it('fills in what was erased', () => {
    const model = new NgramModel({ size: 3, order: 2 });
    for (let i = 0; i < 20; i++) model.observe([0, 1, 2, 0, 1, 2]);
    const lost = [0, 3, 3, 0, 1, 3];
    const [found] = beamDecode([lost], { channel: erasureChannel(3, 0.3), prior: priorOf(model) });
    expect(found[0].symbols).toEqual([0, 1, 2, 0, 1, 2]);
  });
  it('fills in no end, where ends are spared', () => {
    const model = new NgramModel({ size: 3, order: 2 });
    for (let i = 0; i < 20; i++) model.observe([1, 0]); // lines of one letter
    model.observe([1, 2, 0]);
    const decode = (spared: readonly number[]) =>
      beamDecode([[1, 3]], {
        channel: erasureChannel(3, 0.3, { spared }),
        prior: priorOf(model),
      })[0][0].symbols;
    expect(decode([])).toEqual([1, 0]);
    expect(decode([0])).toEqual([1, 2]);
  });
  it('has no hypothesis where nothing explains what was received', () => {
    const chain = chainOf(
      [1, 0],
      [
        [1, 0],
        [1, 0],
      ],
    );
    const clear = binarySymmetricChannel(0);
    const found = beamDecode([[0, 1], [0]], { channel: clear, prior: priorOf(chain), end: 0 });
    expect(found[0]).toEqual([]);
    expect(likeliestSymbols(found[0])).toEqual([]);
    expect(found[1][0].symbols).toEqual([0]);
  });
  it.each([
    [{ beamWidth: 0 }, 'beamDecode: beamWidth must be a whole number from 1 on; got 0'],
    [{ end: 2 }, 'beamDecode: a symbol must be a whole number, 0 … 1; got 2'],
    [{ channel: erasureChannel(3, 0.1) }, "must have the channel's 3 inputs; got 2 symbols"],
    [
      { prior: { size: 2, logProbabilities: () => [0] } },
      'must answer 1 contexts with 2 values each; got 1 values',
    ],
  ])('%o', (wrong, message) => {
    const options = {
      channel: binarySymmetricChannel(0.1),
      prior: priorOf(
        chainOf(
          [0.5, 0.5],
          [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        ),
      ),
      ...wrong,
    };
    expect(() => beamDecode([[0]], options)).toThrow(RangeError);
    expect(() => beamDecode([[0]], options)).toThrow(message);
  });
  it('takes no symbol that cannot be received', () => {
    const prior = priorOf(new NgramModel({ size: 2, order: 1 }));
    expect(() => beamDecode([[2]], { channel: binarySymmetricChannel(0.1), prior })).toThrow(
      '0 … 1; got 2',
    );
  });
});

describe('mixedPrior', () => {
  const constant = (...p: number[]): LanguagePrior =>
    priorOf({ size: p.length, probabilities: () => p });
  it('is the mean of its priors', () => {
    const mixed = mixedPrior([constant(0.5, 0.5, 0), constant(0, 0.25, 0.75), constant(1, 0, 0)]);
    const rows = mixed.logProbabilities([[], [0, 1]]);
    const expected = [0.5, 0.25, 0.25].map(Math.log);
    expectClose(rows, [...expected, ...expected], { absolute: 1e-15 });
    expect(mixedPrior([constant(0, 1)]).logProbabilities([[]])).toEqual(
      Float64Array.of(-Infinity, 0),
    );
  });
  it('wants priors of one size', () => {
    expect(() => mixedPrior([])).toThrow('mixedPrior: there must be a prior or more; got none');
    expect(() => mixedPrior([constant(1), constant(0.5, 0.5)])).toThrow(
      'mixedPrior: all priors must be of the same size; got 1 and 2',
    );
  });
});

const file = namesPath();
describe.skipIf(file === undefined)("the lecture's names (../shared/names.txt)", () => {
  const names = (file === undefined ? '' : readFileSync(file, 'utf8'))
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => Array.from(name, (c) => c.charCodeAt(0) - 96));

  it('with a tenth of the letters wrong, longer n-grams correct more', () => {
    const channel = substitutionChannel({ size: 27, rate: 0.1, spared: [0] });
    const sent = names.filter((_, i) => i % 100 === 99);
    const random = Generator.seeded(101);
    const received = sent.map((name) => channel.transmit(name, random));
    const before = symbolErrorRate(sent, received);
    const after = [1, 2, 5].map((order) => {
      const model = new NgramModel({ size: 27, order });
      for (const [i, name] of names.entries()) if (i % 10 !== 9) model.observe([...name, 0]);
      const found = beamDecode(received, { channel, prior: priorOf(model), end: 0 });
      return symbolErrorRate(sent, found.map(likeliestSymbols));
    });
    expect(after[0]).toBe(before); // no letter is frequent enough to doubt what was received
    expect(after[1]).toBeLessThan(before);
    expect(after[2]).toBeLessThan(0.85 * before);
  });
});
