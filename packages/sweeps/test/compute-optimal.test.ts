import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { computeOptimal, exponentOfN, frontier, predictLoss, predictPower } from '../src/index.js';

const law = { E: 1.8172, A: 477.83, B: 2143.4, alpha: 0.34731, beta: 0.36717 };

describe('computeOptimal', () => {
  it('spends the budget where no other size is better', () => {
    const best = computeOptimal(law, 5.76e23); // Gopher's and Chinchilla's
    expectClose(6 * best.parameters * best.tokens, 5.76e23, { relative: 1e-12 });
    for (const factor of [0.9, 0.99, 1.01, 1.1]) {
      const parameters = best.parameters * factor;
      const tokens = best.tokens / factor;
      expect(predictLoss(law, { parameters, tokens })).toBeGreaterThan(best.loss);
    }
    // Besiroglu et al. find some 20 tokens a parameter at this budget, as Chinchilla had
    expect(best.tokens / best.parameters).toBeGreaterThan(10);
    expect(best.tokens / best.parameters).toBeLessThan(40);
  });

  it('rises with compute as its exponent says', () => {
    const [less, more] = [1e20, 1e24].map((flop) => computeOptimal(law, flop).parameters);
    expectClose(Math.log(more / less) / Math.log(1e4), exponentOfN(law), { relative: 1e-12 });
    const line = frontier(law, { from: 1e20, to: 1e24, count: 3 });
    expectClose(
      line.map(({ flop }) => flop),
      [1e20, 1e22, 1e24],
      { relative: 1e-13 },
    );
    expectClose(line[2].parameters, more, { relative: 1e-13 });
  });

  it('finds the same where a function says what a token costs', () => {
    const formula = computeOptimal(law, 1e21);
    const search = computeOptimal(law, 1e21, { flopPerToken: (n) => 6 * n });
    expectClose(search.loss, formula.loss, { relative: 1e-15 });
    expectClose(search.parameters, formula.parameters, { relative: 1e-6 }); // the square root of a double's digits
    // what costs more than 6 N buys fewer tokens, and for small models the most
    const dear = computeOptimal(law, 1e21, { flopPerToken: (n) => 6 * n + 1e9 });
    expect(dear.loss).toBeGreaterThan(formula.loss);
    expect(dear.tokens).toBeLessThan(formula.tokens);
    expect(computeOptimal(law, 1e21, { flopPerParameterToken: 8 }).loss).toBeGreaterThan(
      formula.loss,
    );
  });

  it('refuses sizes that are none, and costs that are', () => {
    expect(() => predictLoss(law, { parameters: 0, tokens: 1 })).toThrow('predictLoss: N must be');
    expect(() => predictLoss(law, { parameters: 1, tokens: NaN })).toThrow(
      'predictLoss: D must be',
    );
    expect(() => predictPower({ a: 1, b: 1 }, 0)).toThrow('predictPower: x must be');
    expect(() => computeOptimal(law, 1e20, { flopPerToken: () => NaN })).toThrow(
      'computeOptimal: flopPerToken must be a number above 0',
    );
  });

  it.each([
    [law, 0, 'computeOptimal: flop must be a number above 0'],
    [
      { ...law, beta: -0.1 },
      1e20,
      'computeOptimal: beta of the law must be above 0, or no size is the best; got -0.1',
    ],
    [{ ...law, alpha: 1e-9, beta: 1e-9 }, 1e20, 'computeOptimal: the best size must be a double'],
  ])('refuses what has no best size', (some, flop, message) => {
    expect(() => computeOptimal(some, flop)).toThrow(message);
  });
});
