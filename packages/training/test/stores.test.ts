import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  describeError,
  downloadStore,
  indexedDbStore,
  StoreInUseError,
  type CheckpointStore,
} from '../src/index.js';
import { fileStore } from '../src/node/index.js';

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-store-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

afterEach(() => void vi.unstubAllGlobals());

const makers: Readonly<Record<string, () => CheckpointStore>> = {
  folder: () => fileStore(join(emptyFolder(), 'checkpoints')),
  'browser database': () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    return indexedDbStore('run');
  },
};

describe.each(Object.entries(makers))('a %s', (_, make) => {
  const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
  it('keeps what is written, by name', async () => {
    const store = make();
    expect(await store.list()).toEqual([]);
    await store.write('a.safetensors', bytes(1, 2));
    await store.write('b.safetensors', bytes(3));
    await store.write('a.safetensors', bytes(4, 5, 6));
    expect((await store.list()).sort()).toEqual(['a.safetensors', 'b.safetensors']);
    const read = await store.read('a.safetensors');
    expect([...read]).toEqual([4, 5, 6]);
    expect(read.byteOffset).toBe(0);
    await store.remove('a.safetensors');
    await store.remove('a.safetensors');
    expect(await store.list()).toEqual(['b.safetensors']);
  });
  it('says what it does not have', async () => {
    await expect(make().read('none')).rejects.toThrow(/ENOENT|must hold none/);
  });
});

describe('fileStore', () => {
  it('leaves what was there, and nothing beside it, where it can’t write', async () => {
    const folder = emptyFolder();
    const store = fileStore(folder);
    await store.write('a', Uint8Array.of(1));
    writeFileSync(join(folder, 'a.part'), 'cut short');
    await store.write('a', Uint8Array.of(2));
    expect(readdirSync(folder)).toEqual(['a']);
    expect([...readFileSync(join(folder, 'a'))]).toEqual([2]);
    writeFileSync(join(folder, 'file'), '');
    await expect(fileStore(join(folder, 'file')).write('a', Uint8Array.of(1))).rejects.toThrow(
      'ENOTDIR',
    );
    expect(readdirSync(folder).sort()).toEqual(['a', 'file']);
  });
});

describe('indexedDbStore', () => {
  it('keeps what was there where the browser takes a write back', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    const store = indexedDbStore('run');
    await store.write('a', Uint8Array.of(1));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
    ) {
      const request = this.add(Uint8Array.of(3), 'b');
      this.transaction.abort(); // as it does when its quota is used up
      return request;
    });
    await expect(store.write('a', Uint8Array.of(2))).rejects.toThrow('the browser refused');
    put.mockRestore();
    expect([...(await store.read('a'))]).toEqual([1]);
  });
  it('says so where the quota is used up, and where there is no database', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    const store = indexedDbStore('run');
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    const unlocked = store.write('a', Uint8Array.of(2));
    await expect(unlocked.catch(describeError)).resolves.toMatch(/is full \(QuotaExceededError\)$/);
    vi.restoreAllMocks();
    vi.stubGlobal('indexedDB', undefined);
    await expect(store.list()).rejects.toThrow('in Node take fileStore');
  });
});

/** Web Locks, as a browser has them for all its tabs. */
function webLocks() {
  const held = new Set<string>();
  return {
    async request(name: string, _: unknown, callback: (lock: object | null) => Promise<void>) {
      if (held.has(name)) return callback(null);
      held.add(name);
      await callback({ name });
      held.delete(name);
    },
  };
}

describe.each(['with Web Locks', 'without'])('two tabs on one database, %s', (kind) => {
  const twoTabs = () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    vi.stubGlobal('navigator', kind === 'without' ? {} : { locks: webLocks() });
    return [indexedDbStore('run'), indexedDbStore('run')] as const;
  };
  it('have it one after the other', async () => {
    const [first, second] = twoTabs();
    const release = await first.lock?.();
    await expect(second.lock?.()).rejects.toThrow(
      /^the checkpoints in the database run are in use by another run, in another tab or worker or in this page; close it, wait/,
    );
    await expect(indexedDbStore('other').lock?.()).resolves.toBeTypeOf('function');
    await first.write('a', Uint8Array.of(1));
    await release?.();
    const releaseSecond = await second.lock?.();
    expect(await second.list()).toEqual(['a']);
    await second.remove('a');
    await releaseSecond?.();
    expect(await second.list()).toEqual([]);
  });
  it('do not write both where one was taken for dead', async () => {
    const [first, second] = twoTabs();
    await first.lock?.();
    vi.stubGlobal('navigator', {});
    vi.stubGlobal('BroadcastChannel', undefined); // no answer: the first one sleeps
    const release = await second.lock?.();
    await expect(first.write('a', Uint8Array.of(1))).rejects.toBeInstanceOf(StoreInUseError);
    await second.write('a', Uint8Array.of(2));
    await expect(first.remove('a')).rejects.toBeInstanceOf(StoreInUseError);
    await release?.();
    expect([...(await second.read('a'))]).toEqual([2]);
  });
});

describe('downloadStore', () => {
  it('offers the bytes under the name, and nothing to read', async () => {
    const link = { href: '', download: '', click: vi.fn<() => void>() };
    vi.stubGlobal('document', { createElement: () => link });
    vi.useFakeTimers();
    const store = downloadStore();
    await store.write('step-00000005.safetensors', Uint8Array.of(7, 8));
    expect(link.click).toHaveBeenCalledOnce();
    expect(link.download).toBe('step-00000005.safetensors');
    const offered = await fetch(link.href);
    expect([...new Uint8Array(await offered.arrayBuffer())]).toEqual([7, 8]);
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await expect(fetch(link.href)).rejects.toThrow('fetch failed');
    expect(await store.list()).toEqual([]);
    await expect(store.read('a')).rejects.toThrow('let the user choose the file');
  });
});
