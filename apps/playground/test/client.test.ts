import { afterEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../src/state/client.js';

/** A worker that never answers, and notes what it is told. */
class SilentWorker extends EventTarget {
  static last: SilentWorker | undefined;
  readonly told: unknown[] = [];

  constructor() {
    super();
    SilentWorker.last = this;
  }

  postMessage(message: unknown): void {
    this.told.push(message);
  }

  terminate(): void {}
}

afterEach(() => vi.unstubAllGlobals());

describe('a worker as the page sees it', () => {
  it('that can’t be loaded refuses what was asked, and what is asked later', async () => {
    vi.stubGlobal('Worker', SilentWorker);
    const client = new Client();
    const early = client.ask('toys', { data: '' });
    SilentWorker.last?.dispatchEvent(new Event('error'));
    await expect(early).rejects.toThrow("the worker can't be loaded");
    await expect(client.ask('toys', { data: '' })).rejects.toThrow("the worker can't be loaded");
    await expect(client.ready).resolves.toMatchObject({ type: 'problem' });
  });

  it('that can’t be loaded says so to who waits for a run of it; one that threw goes on', () => {
    vi.stubGlobal('Worker', SilentWorker);
    const client = new Client();
    const lost: string[] = [];
    client.onLost = ({ message }) => lost.push(message);
    SilentWorker.last?.dispatchEvent(Object.assign(new Event('error'), { message: 'oh' }));
    expect([lost, client.isLost]).toEqual([[], false]);
    SilentWorker.last?.dispatchEvent(new Event('error'));
    expect([lost, client.isLost]).toEqual([["the worker can't be loaded"], true]);
  });

  it('isn’t asked for what was cancelled before', async () => {
    vi.stubGlobal('Worker', SilentWorker);
    const client = new Client();
    const signal = AbortSignal.abort();
    const cancelled = client.ask('toys', { data: '' }, { signal });
    await expect(cancelled).rejects.toMatchObject({ problem: { name: 'AbortError' } });
    expect(SilentWorker.last?.told).toEqual([]);
    client.end();
    await expect(client.ask('toys', { data: '' })).rejects.toThrow('the run has been closed');
  });
});
