import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import { parseSweep, type Point, samplers, type SamplerName, type Space } from '../src/index.js';
import { normalCdf, standardNormal } from '../src/samplers/normal.js';

const make = (name: SamplerName, space: Space, seed = 1) =>
  samplers[name].make({ space, settings: {}, generator: Generator.seeded(seed) });

function draw(
  name: SamplerName,
  space: Space,
  count: number,
  loss?: (point: Point) => number,
): Point[] {
  const sampler = make(name, space);
  const points: Point[] = [];
  while (points.length < count) {
    const point = sampler.next();
    if (point === undefined) break;
    if (loss !== undefined) sampler.observe(points.length, { point, step: 1, loss: loss(point) });
    points.push(point);
  }
  return points;
}

const conditional: Space = {
  model: { choice: ['mlp', 'gpt'] },
  heads: { choice: [1, 2], when: { model: 'gpt' } },
  dHidden: { uniform: [8, 64], when: { model: ['mlp', 'cnn'] } },
};

describe('samplers', () => {
  it('has a grid try every combination, of settings that apply', () => {
    const space: Space = {
      model: conditional['model'],
      heads: conditional['heads'],
      lr: { choice: [1, 2] },
    };
    expect(draw('grid', space, 100)).toEqual([
      { model: 'mlp', lr: 1 },
      { model: 'mlp', lr: 2 },
      { model: 'gpt', heads: 1, lr: 1 },
      { model: 'gpt', heads: 1, lr: 2 },
      { model: 'gpt', heads: 2, lr: 1 },
      { model: 'gpt', heads: 2, lr: 2 },
    ]);
  });

  it.each(['random', 'tpe'] as const)(
    'varies what its condition allows, and nothing else: %s',
    (name) => {
      const points = draw(name, conditional, 60, ({ dHidden = 70 }) => Number(dHidden));
      for (const { model, heads, dHidden } of points) {
        expect(heads === undefined).toBe(model !== 'gpt');
        expect(dHidden === undefined).toBe(model !== 'mlp');
      }
      expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(points.length);
    },
  );

  it.each(['random', 'tpe'] as const)('ends where every point was tried: %s', (name) => {
    const space: Space = { lr: { choice: [1, 2, 3] }, dHidden: { uniform: [8, 9] } };
    expect(draw(name, space, 100, () => 1)).toHaveLength(6);
  });

  it('draws evenly between the limits, in logarithms too, and whole numbers as often each', () => {
    const points = draw(
      'random',
      { lr: { logUniform: [0.001, 10] }, dropout: { uniform: [0, 0.5] } },
      4000,
    );
    const share = (name: string, most: number): number =>
      points.filter((point) => Number(point[name]) < most).length / points.length;
    expect(share('lr', 0.1)).toBeCloseTo(0.5, 1);
    expect(share('lr', 1)).toBeCloseTo(0.75, 1);
    expect(share('dropout', 0.1)).toBeCloseTo(0.2, 1);
    const generator = Generator.seeded(3);
    const counts = new Map<unknown, number>();
    for (let i = 0; i < 4000; i++) {
      const sampler = samplers.random.make({
        space: { layers: { uniform: [1, 4] } },
        settings: {},
        generator,
      });
      const { layers } = sampler.next() ?? {};
      counts.set(layers, (counts.get(layers) ?? 0) + 1);
    }
    expect([...counts.keys()].map(Number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    for (const count of counts.values()) expect(count / 4000).toBeCloseTo(0.25, 1);
  });

  it('has TPE find a valley with fewer trials than chance does', () => {
    const space: Space = {
      lr: { logUniform: [0.0001, 10] },
      dropout: { uniform: [0, 0.9] },
      optimizer: { choice: ['sgd', 'adam', 'adamw'] },
    };
    const loss = ({ lr, dropout, optimizer }: Point): number =>
      Math.log10(Number(lr) / 0.02) ** 2 +
      4 * (Number(dropout) - 0.3) ** 2 +
      (optimizer === 'adam' ? 0 : 0.5);
    const best = (points: readonly Point[]): number => Math.min(...points.map(loss));
    const [byTpe, byChance] = (['tpe', 'random'] as const).map((name) =>
      draw(name, space, 80, loss),
    );
    expect(best(byTpe)).toBeLessThan(0.02);
    const mean = (points: readonly Point[]): number =>
      points.reduce((sum, point) => sum + loss(point), 0) / points.length;
    expect(mean(byTpe.slice(40))).toBeLessThan(mean(byChance.slice(40)) / 3);
  });

  it('has a normal distribution to draw from', () => {
    const generator = Generator.seeded(1);
    const drawn = Array.from({ length: 20_000 }, () => standardNormal(generator));
    for (const x of [-2, -0.5, 0, 1, 3]) {
      expect(drawn.filter((value) => value < x).length / drawn.length).toBeCloseTo(normalCdf(x), 1);
    }
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021, 6);
    expect(normalCdf(-1)).toBeCloseTo(0.1586553, 6);
  });
});

describe('a trial of a sweep', () => {
  it('draws numbers of a few digits, which are the same in every engine', () => {
    const { space } = parseSweep({ space: { lr: { logUniform: [0.001, 1] } } });
    for (const { lr } of draw('random', space, 50))
      expect(lr).toBe(Number(Number(lr).toPrecision(4)));
    expect(draw('random', space, 3).map(({ lr }) => lr)).toEqual(
      draw('random', space, 3).map(({ lr }) => lr),
    );
  });
});
