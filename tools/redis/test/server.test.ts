import { expect, it } from 'vitest';
import { hasRedis, startRedis } from '../src/server.js';

it.skipIf(!hasRedis)('keeps what it holds when it is killed and starts again', async () => {
  const redis = await startRedis({ password: 'abc' });
  try {
    expect(await redis.ask('SET a 1')).toBe('+OK');
    await redis.restart();
    expect(await redis.ask('GET a')).toBe('$1\n1');
    expect(await redis.ask('GET b')).toBe('$-1');
  } finally {
    await redis.stop();
  }
});
