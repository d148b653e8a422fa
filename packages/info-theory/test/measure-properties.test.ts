// Laws that hold between the measures, for distributions of every kind.
import { expectClose } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conditionalEntropy,
  conditionalMutualInformation,
  distribution,
  entropy,
  gaussianEntropy,
  jointDistribution,
  klDivergence,
  mutualInformation,
  redundancy,
  renyiEntropy,
  totalVariation,
  typicalSet,
} from '../src/index.js';

// Some dozen summands, each below 1 and rounded to 1.1e-16 of itself, times a logarithm.
const slack = 1e-13;
const rounding = { absolute: slack, relative: slack };

const weight = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 100 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const some = (values: readonly number[]) => values.some((value) => value > 0);
const row = (n: number) =>
  fc.array(weight, { minLength: n, maxLength: n }).filter(some).map(distribution);
const size = fc.integer({ min: 1, max: 5 });
const one = fc.integer({ min: 1, max: 12 }).chain(row);
const two = fc.integer({ min: 1, max: 12 }).chain((n) => fc.tuple(row(n), row(n)));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const matrix = (rows: number, columns: number) =>
  fc.array(row(columns), { minLength: rows, maxLength: rows });

/** `[Z, X, Y]` */
const cube = fc
  .tuple(size, size, size)
  .chain(([z, x, y]) =>
    fc
      .tuple(row(z), fc.array(row(x * y), { minLength: z, maxLength: z }))
      .map(([pz, cells]) =>
        cells.map((cell, i) =>
          Array.from({ length: x }, (_, r) =>
            Array.from(cell.slice(r * y, (r + 1) * y), (value) => value * pz[i]),
          ),
        ),
      ),
  );
type Table = readonly (readonly number[])[];
const join = (rows: Table) => jointDistribution(rows);

/** X and Z from here, and from there: what the chain `X → Y → Z` makes of p(x, y) and p(z|y). */
const chain = fc
  .tuple(size, size, size)
  .chain(([x, y, z]) => fc.tuple(row(x * y), matrix(y, z), fc.constant(y)));

describe('chains', () => {
  it('I(X; Y, Z) = I(X; Z) + I(X; Y|Z), each at least 0', () => {
    fc.assert(
      fc.property(cube, (tables) => {
        const whole = join(tables[0].map((_, x) => tables.flatMap((table) => table[x])));
        const withZ = join(
          tables[0].map((_, x) => tables.map((table) => table[x].reduce((a, b) => a + b, 0))),
        );
        const given = conditionalMutualInformation(tables);
        expect(given).toBeGreaterThanOrEqual(0);
        expectClose(mutualInformation(withZ) + given, mutualInformation(whole), rounding);
      }),
    );
  });
  it('I(X; Y|Z) is the same with X and Y swapped', () => {
    fc.assert(
      fc.property(cube, (tables) => {
        const swapped = tables.map((table) => table[0].map((_, y) => table.map((r) => r[y])));
        const given = conditionalMutualInformation(tables);
        expectClose(conditionalMutualInformation(swapped), given, rounding);
      }),
    );
  });
  it('data processing: processing Y gives no more information on X, and I(X; Z|Y) = 0', () => {
    fc.assert(
      fc.property(chain, ([cells, channel, columns]) => {
        const table = Array.from({ length: cells.length / columns }, (_, x) =>
          Array.from(cells.slice(x * columns, (x + 1) * columns)),
        );
        const ends = Array.from(channel[0], (_, z) => z);
        const processed = table.map((r) =>
          ends.map((z) => r.reduce((total, value, y) => total + value * channel[y][z], 0)),
        );
        const before = mutualInformation(join(table));
        expect(mutualInformation(join(processed))).toBeLessThanOrEqual(before + slack);
        const byY = Array.from(channel, (p, y) => table.map((r) => ends.map((z) => r[y] * p[z])));
        expectClose(conditionalMutualInformation(byY), 0, { absolute: slack });
      }),
    );
  });
});

describe('concavity', () => {
  it('a mixture has at least the mean entropy', () => {
    fc.assert(
      fc.property(two, share, ([p, q], t) => {
        const mixed = p.map((value, i) => t * value + (1 - t) * q[i]);
        const mean = t * entropy(p) + (1 - t) * entropy(q);
        expect(entropy(mixed)).toBeGreaterThanOrEqual(mean - slack);
      }),
    );
  });
  it('and divergence is convex', () => {
    fc.assert(
      fc.property(two, two, share, ([p, q], [, other], t) => {
        fc.pre(other.length === q.length);
        const mixed = q.map((value, i) => t * value + (1 - t) * other[i]);
        const ends = [klDivergence(p, q), klDivergence(p, other)];
        fc.pre(ends.every(Number.isFinite));
        expect(klDivergence(p, mixed)).toBeLessThanOrEqual(t * ends[0] + (1 - t) * ends[1] + slack);
      }),
    );
  });
});

describe('renyiEntropy', () => {
  const order = fc.oneof(
    fc.double({ min: 0, max: 40, noNaN: true }),
    fc.constantFrom(0, 0.5, 1, 1.5, 2, 1000, Infinity),
    fc.double({ min: -1e-6, max: 1e-6, noNaN: true }).map((step) => 1 + step),
  );
  it('falls with its order, from the logarithm of the support to the surprisal of the likeliest', () => {
    fc.assert(
      fc.property(one, order, order, (p, a, b) => {
        const high = renyiEntropy(p, { order: Math.min(a, b) });
        const low = renyiEntropy(p, { order: Math.max(a, b) });
        // Dividing by |α - 1| magnifies a rounding at most 2 times; near 1 there is none to magnify.
        expect(low).toBeLessThanOrEqual(high + 1e-12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(Math.log(p.length) + 1e-12);
      }),
    );
  });
  it('of independent variables adds up', () => {
    fc.assert(
      fc.property(one, one, order, (p, q, at) => {
        const both = distribution(Array.from(p).flatMap((a) => Array.from(q, (b) => a * b)));
        // Products of the smallest numbers vanish, which only order 0 and its neighbours would see.
        fc.pre([...p, ...q].every((value) => value === 0 || value > 1e-100));
        const sum = renyiEntropy(p, { order: at }) + renyiEntropy(q, { order: at });
        expectClose(renyiEntropy(both, { order: at }), sum, { absolute: 1e-12, relative: 1e-12 });
      }),
    );
  });
});

describe('distances and fractions', () => {
  it('total variation is a metric, and Pinsker: D >= 2 TV²', () => {
    fc.assert(
      fc.property(two, ([p, q]) => {
        const distance = totalVariation(p, q);
        expect(totalVariation(p, p)).toBe(0);
        expect(totalVariation(q, p)).toBe(distance);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(klDivergence(p, q)).toBeGreaterThanOrEqual(2 * distance ** 2 - slack);
      }),
    );
  });
  it('Fano: what Y leaves open of X bounds how well X can be guessed', () => {
    const table = fc.tuple(size, size).chain(([x, y]) => row(x * y).map((p) => [p, y] as const));
    fc.assert(
      fc.property(table, ([cells, columns]) => {
        const rows = Array.from({ length: cells.length / columns }, (_, y) =>
          Array.from(cells.slice(y * columns, (y + 1) * columns)),
        );
        const right = rows.reduce((total, r) => total + Math.max(...r), 0);
        const error = Math.min(Math.max(1 - right, 0), 1);
        const bound = entropy([error, 1 - error]) + error * Math.log(Math.max(columns - 1, 1));
        expect(conditionalEntropy(join(rows))).toBeLessThanOrEqual(bound + slack);
      }),
    );
  });
  it('redundancy is 1 - H / ln n', () => {
    fc.assert(
      fc.property(one, (p) => {
        fc.pre(p.length > 1);
        expectClose(redundancy(p), 1 - entropy(p) / Math.log(p.length), rounding);
        expect(redundancy(p)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  it('a normal distribution loses entropy by correlation, and gains ln s by scaling', () => {
    const entry = fc.double({ min: -1, max: 1, noNaN: true });
    const factor = fc
      .integer({ min: 1, max: 4 })
      .chain((n) =>
        fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      );
    fc.assert(
      fc.property(factor, fc.double({ min: 0.1, max: 10, noNaN: true }), (rows, s) => {
        const matrixOf = (scale: number) =>
          rows.map((a, i) =>
            rows.map(
              (b, j) => scale * (a.reduce((t, v, k) => t + v * b[k], 0) + (i === j ? 0.5 : 0)),
            ),
          );
        const covariance = matrixOf(1);
        const together = gaussianEntropy(covariance);
        const apart = covariance.reduce((total, r, i) => total + gaussianEntropy(r[i]), 0);
        expect(together).toBeLessThanOrEqual(apart + 1e-12);
        const scaled = gaussianEntropy(matrixOf(s * s));
        expectClose(scaled, together + rows.length * Math.log(s), { absolute: 1e-12 });
      }),
    );
  });
});

it('typical sets keep to their bounds', () => {
  const settings = fc.record({
    length: fc.integer({ min: 1, max: 25 }),
    epsilon: fc.double({ min: 0.01, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }).chain(row), settings, (p, options) => {
      const { probability, logSize, lowerBound, upperBound } = typicalSet(p, options);
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
      // 25 logarithms' roundings.
      expect(logSize).toBeLessThanOrEqual(upperBound + 1e-11);
      expect(logSize).toBeGreaterThanOrEqual(lowerBound - 1e-11);
    }),
    { numRuns: 60 },
  );
});
