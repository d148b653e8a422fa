import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import { pausesOf, successiveHalving } from '../src/index.js';

describe('pausesOf', () => {
  it('has a multiple of the steps at each pause, and none at the end', () => {
    expect(pausesOf({ minSteps: 1, maxSteps: 256 })).toEqual([1, 4, 16, 64]);
    expect(pausesOf({ minSteps: 100, maxSteps: 3000, reduction: 3 })).toEqual([
      100, 300, 900, 2700,
    ]);
    expect(pausesOf({ minSteps: 1000, maxSteps: 1000 })).toEqual([]);
  });

  it('pauses where validations are', () => {
    expect(pausesOf({ minSteps: 30, maxSteps: 1000, reduction: 2, interval: 100 })).toEqual([
      100, 200, 300, 500,
    ]);
    expect(pausesOf({ minSteps: 950, maxSteps: 1000, interval: 100 })).toEqual([]);
  });
});

describe('successiveHalving', () => {
  it('promotes what the paper says, checked against all that got to a pause', () => {
    const generator = Generator.seeded(7);
    const scheduler = successiveHalving({ minSteps: 1, maxSteps: 27, reduction: 3 });
    expect(scheduler.pauses).toEqual([1, 3, 9]);
    const at = scheduler.pauses.map(() => new Map<number, number>());
    const promoted = scheduler.pauses.map(() => new Set<number>());
    const expected = (): { trial: number; pause: number } | undefined => {
      for (let pause = 2; pause >= 0; pause--) {
        const best = [...at[pause]].sort(([n, a], [m, b]) => a - b || n - m);
        const candidates = best.slice(0, Math.floor(best.length / 3));
        const trial = candidates.find(([n]) => !promoted[pause].has(n))?.[0];
        if (trial !== undefined) return { trial, pause };
      }
      return undefined;
    };
    let trials = 0;
    for (let i = 0; i < 2000; i++) {
      const promotion = expected();
      expect(scheduler.promote(false)).toEqual(promotion);
      const trial = promotion?.trial ?? trials++;
      const pause = promotion === undefined ? 0 : promotion.pause + 1;
      if (promotion !== undefined) promoted[promotion.pause].add(trial);
      if (pause > 2) continue;
      const loss = generator.nextDouble() < 0.1 ? 0.5 : generator.nextDouble();
      at[pause].set(trial, loss);
      scheduler.observe(trial, pause, loss);
    }
    expect(trials).toBeGreaterThan(1000);
  });

  it('never promotes what failed', () => {
    const scheduler = successiveHalving({ minSteps: 1, maxSteps: 8, reduction: 2 });
    for (let trial = 0; trial < 10; trial++) scheduler.observe(trial, 0, Infinity);
    expect(scheduler.promote(true)).toBeUndefined();
  });
});
