// Against SciPy's figures, kept in fixtures/information.json; all within 1e-12.
import { readFileSync } from 'node:fs';
import { expectClose } from '@tools/testing';
import { describe, it } from 'vitest';
import {
  conditionalEntropy,
  conditionalMutualInformation,
  crossEntropy,
  entropy,
  gaussianEntropy,
  grassbergerEntropy,
  jamesSteinEntropy,
  jensenShannonDistance,
  jointDistribution,
  jointEntropy,
  klDivergence,
  laplaceEntropy,
  millerMadowEntropy,
  mutualInformation,
  plugInEntropy,
  redundancy,
  renyiEntropy,
  totalVariation,
  typicalSet,
} from '../src/index.js';

interface Figures {
  readonly producer: string;
  readonly pairs: readonly {
    readonly p: number[];
    readonly q: number[];
    readonly entropy: number;
    readonly crossEntropy: number;
    readonly klDivergence: number;
    readonly jensenShannonDistance: number;
    readonly totalVariation: number;
    readonly redundancy: number;
    readonly renyi: readonly (readonly [number, number])[];
  }[];
  readonly joints: readonly {
    readonly tables: number[][][];
    readonly jointEntropy: number;
    readonly conditionalEntropy: number;
    readonly mutualInformation: number;
    readonly conditionalMutualInformation: number;
  }[];
  readonly gaussians: readonly {
    readonly covariance: number[][];
    readonly entropy: number;
    readonly ofFirst: number;
  }[];
  readonly estimates: readonly {
    readonly counts: number[];
    readonly plugIn: number;
    readonly millerMadow: number;
    readonly laplace: number;
    readonly jeffreys: number;
    readonly jamesStein: number;
    readonly grassberger: number;
  }[];
  readonly typical: readonly {
    readonly p: number[];
    readonly length: number;
    readonly epsilon: number;
    readonly probability: number;
    readonly logSize: number;
  }[];
}

const figures = JSON.parse(
  readFileSync(new URL('fixtures/information.json', import.meta.url), 'utf8'),
) as Figures;
// Some hundred roundings of numbers of up to 7, in SciPy and here.
const tolerance = { absolute: 1e-12, relative: 1e-12 };

describe(`figures of ${figures.producer}`, () => {
  it.each(figures.pairs)('two distributions over $p.length symbols', ({ p, q, ...expected }) => {
    expectClose(entropy(p), expected.entropy, tolerance);
    expectClose(crossEntropy(p, q), expected.crossEntropy, tolerance);
    expectClose(klDivergence(p, q), expected.klDivergence, tolerance);
    expectClose(jensenShannonDistance(p, q), expected.jensenShannonDistance, tolerance);
    expectClose(totalVariation(p, q), expected.totalVariation, tolerance);
    expectClose(redundancy(p), expected.redundancy, tolerance);
    for (const [order, value] of expected.renyi) {
      expectClose(renyiEntropy(p, { order }), value, tolerance);
    }
  });
  it.each(figures.joints)('$tables.length tables', ({ tables, ...expected }) => {
    const table = jointDistribution(
      tables[0].map((row, x) => row.map((_, y) => tables.reduce((sum, t) => sum + t[x][y], 0))),
    );
    expectClose(jointEntropy(table), expected.jointEntropy, tolerance);
    expectClose(conditionalEntropy(table), expected.conditionalEntropy, tolerance);
    expectClose(mutualInformation(table), expected.mutualInformation, tolerance);
    const conditional = conditionalMutualInformation(tables);
    expectClose(conditional, expected.conditionalMutualInformation, tolerance);
  });
  it.each(figures.gaussians)('a normal distribution', ({ covariance, ...expected }) => {
    expectClose(gaussianEntropy(covariance), expected.entropy, tolerance);
    expectClose(gaussianEntropy(covariance[0][0]), expected.ofFirst, tolerance);
  });
  it.each(figures.estimates)('counts of $counts.length symbols', ({ counts, ...expected }) => {
    expectClose(plugInEntropy(counts), expected.plugIn, tolerance);
    expectClose(millerMadowEntropy(counts), expected.millerMadow, tolerance);
    expectClose(laplaceEntropy(counts), expected.laplace, tolerance);
    expectClose(laplaceEntropy(counts, { pseudocount: 0.5 }), expected.jeffreys, tolerance);
    expectClose(jamesSteinEntropy(counts), expected.jamesStein, tolerance);
    expectClose(grassbergerEntropy(counts), expected.grassberger, tolerance);
  });
  it.each(figures.typical)(
    'typical sequences of $length',
    ({ p, length, epsilon, ...expected }) => {
      const { probability, logSize } = typicalSet(p, { length, epsilon });
      expectClose(probability, expected.probability, tolerance);
      // The logarithms of factorials are sums of 500 logarithms of up to 6.
      expectClose(logSize, expected.logSize, { relative: 1e-12 });
    },
  );
});
