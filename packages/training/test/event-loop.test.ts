import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventLoopYielder } from '../src/event-loop.js';

let ms = 0;
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => ms));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Whether it yields so many milliseconds after it did last. */
async function yieldsAfter(
  yielder: () => Promise<void> | undefined,
  elapsedMs: number,
): Promise<boolean> {
  ms += elapsedMs;
  const yielding = yielder();
  await yielding;
  return yielding !== undefined;
}

describe.each([
  ['Node', () => {}],
  ['a browser', () => void vi.stubGlobal('setImmediate', undefined)],
])('in %s', (_, stub) => {
  beforeEach(stub);

  it('lets the event loop run after 8 ms, again and again', async () => {
    const yielder = eventLoopYielder();
    for (let i = 0; i < 3; i++) {
      expect(await yieldsAfter(yielder, 7)).toBe(false);
      expect(await yieldsAfter(yielder, 1)).toBe(true);
    }
  });

  it('and after 3 ms where something waits', async () => {
    let waits = false;
    const yielder = eventLoopYielder(() => waits);
    expect(await yieldsAfter(yielder, 3)).toBe(false);
    waits = true;
    expect(await yieldsAfter(yielder, 0)).toBe(true);
    expect(await yieldsAfter(yielder, 2)).toBe(false);
  });
});
