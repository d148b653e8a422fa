import { describe, expect, it, vi } from 'vitest';
import { statusLine } from '../src/node/index.js';

/** What a line writes: a text at each 50 ms of some time, then the given end. */
function written(isTTY: boolean, ms: number, skipsShort: boolean): string[] {
  vi.stubEnv('CI', '');
  const texts: string[] = [];
  let nowMs = 0;
  const stream = { isTTY, columns: 12, write: (text: string) => texts.push(text) };
  const line = statusLine(stream, { skipsShort, now: () => nowMs });
  for (; nowMs <= ms; nowMs += 50) line.update((width) => `at ${nowMs} of ${width}`);
  line.erase();
  vi.unstubAllEnvs();
  return texts;
}

describe('statusLine', () => {
  it('is drawn again every 0.1 s in a terminal, and taken away', () => {
    expect(written(true, 200, false)).toEqual([
      '\rat 0 of 9\u001B[K',
      '\rat 100 of 9\u001B[K',
      '\rat 200 of 9\u001B[K',
      '\r\u001B[K',
    ]);
  });
  it('is a new line every ten seconds elsewhere', () => {
    expect(written(false, 10_000, false)).toEqual([
      'at 0 of undefined\n',
      'at 10000 of undefined\n',
    ]);
  });
  it('shows nothing of short work where it should not', () => {
    expect(written(true, 250, true)).toEqual([]);
    expect(written(true, 350, true)).toEqual(['\rat 300 of 9\u001B[K', '\r\u001B[K']);
    expect(written(false, 9950, true)).toEqual([]);
  });
  it('shows nothing without a stream', () => {
    const line = statusLine(undefined);
    expect(() => line.show(() => 'text')).not.toThrow();
    line.erase();
  });
});
