import { hasRedis } from '@tools/redis/server';
import { expect, it } from 'vitest';
import { simulate } from '../src/simulate.mjs';

it.skipIf(!hasRedis)(
  'ends each trial once, whoever is killed, and leaves nothing in Redis',
  async () => {
    const size = { trials: 400, workers: 12, processes: 3, kills: 3, restarts: 1 };
    const cost = await simulate({ ...size, mostMs: 20, outstanding: 100 });
    const { results, distinct, wrong, keysLeft } = cost;
    expect({ results, distinct, wrong, keysLeft }).toEqual({
      results: 400,
      distinct: 400,
      wrong: 0,
      keysLeft: 0,
    });
    expect(cost.peakBytes).toBeLessThan(30e6);
  },
);
