import { expectClose } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitsFromNats,
  conditionalEntropy,
  crossEntropy,
  distribution,
  entropy,
  jensenShannonDistance,
  jensenShannonDivergence,
  jointDistribution,
  jointEntropy,
  klDivergence,
  mutualInformation,
  natsFromBits,
  perplexity,
  surprisal,
  type UnitOptions,
} from '../src/index.js';

// Some dozen summands, each below 1 and rounded to 1.1e-16 of itself, times a logarithm.
const slack = 1e-13;
const rounding = { absolute: slack, relative: slack };

/** Zeros, weights of one size, and weights of every size down to the smallest number. */
const weight = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 100 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const positive = fc.double({ min: 1e-6, max: 1, noNaN: true });

function rowsOf(rows: number, n: number, cell = weight): fc.Arbitrary<Float64Array[]> {
  const row = fc
    .array(cell, { minLength: n, maxLength: n })
    .filter((values) => values.some((value) => value > 0))
    .map(distribution);
  return fc.array(row, { minLength: rows, maxLength: rows });
}

const length = fc.integer({ min: 1, max: 12 });
const one = length.chain((n) => rowsOf(1, n)).map(([p]) => p);
const two = length.chain((n) => rowsOf(2, n));
const three = length.chain((n) => rowsOf(3, n));
/** The second distribution rules nothing out. */
const supported = length.chain((n) => fc.tuple(rowsOf(1, n), rowsOf(1, n, positive)));
const joint = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(weight, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  )
  .filter((rows) => rows.flat().some((value) => value > 0))
  .map(jointDistribution);

const total = (values: Iterable<number>): number => [...values].reduce((sum, v) => sum + v, 0);
const transposed = (table: Float64Array[]): number[][] =>
  Array.from(table[0], (_, y) => table.map((row) => row[y]));
/** Normalised again: the sum of a row can round to 1.0000000000000002, which is no probability. */
const marginals = (table: Float64Array[]): [Float64Array, Float64Array] => [
  distribution(table.map(total)),
  distribution(transposed(table).map(total)),
];

describe('entropy', () => {
  it('lies between 0 and ln n', () => {
    fc.assert(
      fc.property(one, (p) => {
        expect(entropy(p)).toBeGreaterThanOrEqual(0);
        expect(entropy(p)).toBeLessThanOrEqual(Math.log(p.length) + slack);
      }),
    );
  });
  it('is ln n when uniform, and its perplexity n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (n) => {
        const uniform = distribution(Array.from({ length: n }, () => 1));
        expectClose(entropy(uniform), Math.log(n), rounding);
        expectClose(perplexity(entropy(uniform)), n, { relative: 1e-12 });
      }),
    );
  });
  it('is the mean surprisal', () => {
    fc.assert(
      fc.property(one, (p) => {
        const mean = total(p.map((value) => (value > 0 ? value * surprisal(value) : 0)));
        expectClose(entropy(p), mean, rounding);
      }),
    );
  });
});

describe('tables', () => {
  it('chain rule: H(X,Y) = H(X) + H(Y|X) = H(Y) + H(X|Y)', () => {
    fc.assert(
      fc.property(joint, (table) => {
        const [px, py] = marginals(table);
        const whole = jointEntropy(table);
        expectClose(entropy(px) + conditionalEntropy(table), whole, rounding);
        expectClose(entropy(py) + conditionalEntropy(transposed(table)), whole, rounding);
      }),
    );
  });
  it('knowing never hurts: 0 <= H(Y|X) <= H(Y)', () => {
    fc.assert(
      fc.property(joint, (table) => {
        const [, py] = marginals(table);
        expect(conditionalEntropy(table)).toBeGreaterThanOrEqual(0);
        expect(conditionalEntropy(table)).toBeLessThanOrEqual(entropy(py) + slack);
      }),
    );
  });
  it('I(X;Y) = H(X) + H(Y) - H(X,Y), the same both ways, 0 <= I <= min(H(X), H(Y))', () => {
    fc.assert(
      fc.property(joint, (table) => {
        const [px, py] = marginals(table);
        const information = mutualInformation(table);
        expectClose(information, entropy(px) + entropy(py) - jointEntropy(table), rounding);
        expectClose(information, mutualInformation(transposed(table)), rounding);
        expect(information).toBeGreaterThanOrEqual(0);
        expect(information).toBeLessThanOrEqual(Math.min(entropy(px), entropy(py)) + slack);
      }),
    );
  });
  it('independent variables have no mutual information', () => {
    fc.assert(
      fc.property(one, one, (px, py) => {
        const table = Array.from(px, (a) => py.map((b) => a * b));
        // Squares of roundings, not roundings: except where a product is subnormal.
        expectClose(mutualInformation(table), 0, { absolute: 1e-28 });
      }),
    );
  });
});

describe('divergences', () => {
  it('cross-entropy = entropy + divergence', () => {
    fc.assert(
      fc.property(supported, ([[p], [q]]) => {
        expectClose(crossEntropy(p, q), entropy(p) + klDivergence(p, q), rounding);
      }),
    );
  });
  it('divergence is 0 from itself, and never below half the squared distance (Pinsker)', () => {
    fc.assert(
      fc.property(two, ([p, q]) => {
        expect(klDivergence(p, p)).toBe(0);
        const distance = total(p.map((value, i) => Math.abs(value - q[i])));
        const divergence = klDivergence(p, q);
        expect(divergence).toBeGreaterThanOrEqual(0);
        expect(divergence).toBeGreaterThanOrEqual(distance ** 2 / 2 - slack);
      }),
    );
  });
  it('is never negative between neighbours, and of second order', () => {
    fc.assert(
      fc.property(supported, ([, [p]]) => {
        const divergence = klDivergence(p, Float32Array.from(p));
        expect(divergence).toBeGreaterThanOrEqual(0);
        // Each value is off by at most 6e-8 of itself, so the divergence is at most half of that squared.
        expect(divergence).toBeLessThan(1.8e-15);
      }),
    );
  });
  it('infinite exactly where q rules out what p allows', () => {
    fc.assert(
      fc.property(two, ([p, q]) => {
        const ruledOut = p.some((value, i) => value > 0 && q[i] === 0);
        expect(klDivergence(p, q) === Infinity).toBe(ruledOut);
        expect(crossEntropy(p, q) === Infinity).toBe(ruledOut);
      }),
    );
  });
  it('Jensen–Shannon is symmetric to the last bit, 0 from itself, at most ln 2', () => {
    fc.assert(
      fc.property(two, ([p, q]) => {
        const divergence = jensenShannonDivergence(p, q);
        expect(divergence).toBe(jensenShannonDivergence(q, p));
        expect(jensenShannonDivergence(p, p)).toBe(0);
        expect(divergence).toBeGreaterThanOrEqual(0);
        expect(divergence).toBeLessThanOrEqual(Math.LN2);
      }),
    );
  });
  it('Jensen–Shannon = H((p + q) / 2) - (H(p) + H(q)) / 2', () => {
    fc.assert(
      fc.property(two, ([p, q]) => {
        const mean = p.map((value, i) => (value + q[i]) / 2);
        const expected = entropy(mean) - (entropy(p) + entropy(q)) / 2;
        expectClose(jensenShannonDivergence(p, q), expected, rounding);
      }),
    );
  });
  it('its root keeps the triangle inequality', () => {
    fc.assert(
      fc.property(three, ([p, q, r]) => {
        const detour = jensenShannonDistance(p, q) + jensenShannonDistance(q, r);
        expect(jensenShannonDistance(p, r)).toBeLessThanOrEqual(detour + 1e-7); // root of the slack
      }),
    );
  });
});

describe('units', () => {
  it('convert there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (nats) => {
        // Two roundings; the absolute part is for subnormals.
        expectClose(natsFromBits(bitsFromNats(nats)), nats, { absolute: 1e-320, relative: 4e-16 });
      }),
    );
  });
  it('bits are nats / ln 2 in each measure', () => {
    type Measure = (unit: UnitOptions) => number;
    fc.assert(
      fc.property(two, joint, ([p, q], table) => {
        const measures: Measure[] = [
          (unit) => surprisal(p[0], unit),
          (unit) => entropy(p, unit),
          (unit) => crossEntropy(p, q, unit),
          (unit) => klDivergence(p, q, unit),
          (unit) => jensenShannonDivergence(p, q, unit),
          (unit) => jensenShannonDistance(p, q, unit) ** 2,
          (unit) => jointEntropy(table, unit),
          (unit) => conditionalEntropy(table, unit),
          (unit) => mutualInformation(table, unit),
        ];
        for (const measure of measures) {
          const inNats = measure({ unit: 'nats' });
          expect(measure({})).toBe(inNats);
          expectClose(measure({ unit: 'bits' }), bitsFromNats(inNats), {
            absolute: 1e-300,
            relative: 1e-15,
          });
        }
      }),
    );
  });
});

it('distribution sums to 1 and keeps ratios', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }).filter((c) => total(c) > 0),
      (counts) => {
        const p = distribution(counts);
        expectClose(total(p), 1, rounding);
        expectClose(
          p.map((value) => value * total(counts)),
          counts,
          { relative: 4e-16 },
        );
      },
    ),
  );
});
