// How much settings matter, of runs whose answer is known.
import { Generator, rand } from '@llm101/random';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { levelsOf } from '../src/compare/levels.js';
import { growTree } from '../src/compare/tree.js';
import { type Importance, importanceOfSettings, tableOfRuns } from '../src/index.js';

/** What matters in runs of these settings and losses. */
function importanceOf(
  runs: readonly (Readonly<Record<string, unknown>> & { readonly loss: number | undefined })[],
): Importance | undefined {
  const table = tableOfRuns(
    runs.map(({ loss, ...config }, i) => ({
      name: `run-${i}`,
      config,
      metrics: [{ step: 1, trainLoss: 3, ...(loss !== undefined && { valLoss: loss }) }],
    })),
    { objective: { metric: 'valLoss', direction: 'minimize' } },
  );
  return importanceOfSettings(table);
}

const grid = [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].map((b) => ({ a, b })));

const sharesOf = (found: Importance | undefined): Record<string, number> =>
  Object.fromEntries(found?.settings.map(({ name, share }) => [name, share]) ?? []);

describe('importanceOfSettings', () => {
  it('is all of the one setting that decides', () => {
    const found = importanceOf(grid.map(({ a, b }) => ({ a, b, loss: 3 * a })));
    expectClose([sharesOf(found)['a'], sharesOf(found)['b']], [1, 0], { absolute: 0.01 });
    expect(found?.settings[0].name).toBe('a');
    expect(found?.explained).toBeGreaterThan(0.99);
    expect(found?.runs).toBe(25);
  });
  it('is the share of the variance: of a + 2b, one fifth and four', () => {
    const { a, b } = sharesOf(importanceOf(grid.map((at) => ({ ...at, loss: at.a + 2 * at.b }))));
    // trees that have drawn their runs smooth a little
    expectClose([a, b], [0.2, 0.8], { absolute: 0.05 });
  });
  it('is of no setting alone where two decide together', () => {
    const xor = [0, 1].flatMap((a) => [0, 1].map((b) => ({ a, b, loss: Number(a !== b) })));
    const found = importanceOf(Array.from({ length: 8 }, () => xor).flat());
    expect(found?.together).toBeGreaterThan(0.9);
    expect(Object.values(sharesOf(found)).every((share) => share < 0.1)).toBe(true);
  });
  it('takes names, and runs that lack a setting', () => {
    const effect = { sgd: 3, adam: 1, muon: 2 } as const;
    const runs = (['sgd', 'adam', 'muon'] as const).flatMap((optimizer) =>
      [1, 2, 3, 4].map((seed) => {
        const shared = { optimizer, seed, loss: effect[optimizer] };
        return optimizer === 'sgd' ? Object.assign(shared, { momentum: 0.9 }) : shared;
      }),
    );
    const { optimizer, seed } = sharesOf(importanceOf(runs));
    expect(seed).toBeLessThan(0.01);
    expect(optimizer).toBeGreaterThan(0.9);
  });
  it('says how little it knows of noise', () => {
    const noise = rand(Generator.seeded(1), 25);
    const found = importanceOf(grid.map((at, i) => ({ ...at, loss: noise[i] })));
    expect(found?.explained).toBeLessThan(0.2);
  });
  it('is not of a run that ran away alone', () => {
    const runs = grid.map((at, i) => ({ ...at, loss: i === 7 ? 1e30 : at.a }));
    expect(sharesOf(importanceOf(runs))['a']).toBeGreaterThan(0.7);
  });
  it('is the same each time, and nothing where nothing can be said', () => {
    const runs = grid.map(({ a, b }) => ({ a, b, loss: a * b }));
    expect(importanceOf(runs)).toEqual(importanceOf(runs));
    expect(importanceOf(runs.slice(0, 9))).toBeUndefined();
    expect(importanceOf(runs.map((one) => ({ ...one, loss: 1 })))).toBeUndefined();
    expect(
      importanceOf(runs.map((one, i) => ({ ...one, loss: i < 9 ? 1 + i : undefined }))),
    ).toBeUndefined();
    expect(importanceOf(runs.map(({ loss }) => ({ loss })))).toBeUndefined();
  });
  it('ends soon where there are many runs, settings and values', () => {
    const draws = rand(Generator.seeded(2), 400 * 8);
    const runs = Array.from({ length: 400 }, (_, i) => {
      const own = Array.from(draws.subarray(8 * i, 8 * i + 8), (value, s) => [`s${s}`, value]);
      return { ...Object.fromEntries(own), loss: draws[8 * i] ** 2 } as { loss: number };
    });
    const [first] = importanceOf(runs)?.settings ?? [];
    expect(first.name).toBe('s0');
    expect(first.share).toBeGreaterThan(0.9);
  });
});

it('a tree says what it learned, and its leaves are a partition', () => {
  const levels = [
    levelsOf(
      'a',
      grid.map(({ a }) => a),
    ),
    levelsOf(
      'b',
      grid.map(({ b }) => `name ${b}`),
    ),
  ];
  const targets = grid.map(({ a, b }) => Math.sin(7 * a + 3 * b));
  const { leaves, predict } = growTree(levels, targets, [...grid.keys()]);
  for (const [run, target] of targets.entries()) {
    const at = levels.map(({ ofRun }) => ofRun[run]);
    expect(predict(at)).toBe(target);
    const within = leaves.filter(({ isIn }) => at.every((level, s) => isIn[s][level]));
    expect(within.map(({ value }) => value)).toEqual([target]);
  }
});
