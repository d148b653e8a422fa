// One process writes into a folder at a time; what is in the place of its lock is never waited for.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreInUseError } from '../src/index.js';
import { checkUnlocked, fileStore, LOCK_FILE, lockFolder } from '../src/node/index.js';

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-lock-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('lockFolder', () => {
  const WAIT = { timeout: 200_000 };
  const statOf = (pid: number | undefined): string => readFileSync(`/proc/${pid}/stat`, 'latin1');
  const owner = { pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' };
  const lockOf = (folder: string, content: object | string): void =>
    writeFileSync(
      join(folder, LOCK_FILE),
      typeof content === 'string' ? content : JSON.stringify(content),
    );

  it('gives a folder to one at a time', () => {
    const folder = emptyFolder();
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(/in use by another run/);
    expect(lock.isHeld()).toBe(true);
    lock.release();
    expect(lock.isHeld()).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    lockFolder(folder).release();
  });

  it('leaves the lock of another run alone', () => {
    const folder = emptyFolder();
    const lock = lockFolder(folder);
    lockOf(folder, owner);
    lock.release();
    expect(readdirSync(folder)).toEqual([LOCK_FILE]);
  });

  it('takes over from a process that is not there any more', () => {
    const folder = emptyFolder();
    lockOf(folder, { ...owner, pid: 2 ** 22 + 1 }); // above Linux' largest
    const lock = lockFolder(folder);
    expect(readdirSync(folder)).toEqual([LOCK_FILE]);
    lock.release();
  });

  it.runIf(process.platform === 'linux')(
    'takes over when the number has been given out again',
    () => {
      const folder = emptyFolder();
      lockOf(folder, { ...owner, start: 'before the last boot' });
      expect(() => lockFolder(folder).release()).not.toThrow();
    },
  );

  it.runIf(process.platform === 'linux')(
    'takes over from a process that has ended and is not yet reaped',
    async () => {
      // The shell starts a child and becomes a program that never asks for it; then the child ends.
      const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      });
      const [, output, , input] = parent.stdio;
      if (output === null || !(input instanceof Writable)) throw new TypeError('no pipes');
      const [line]: unknown[] = await once(output, 'data');
      const pid = Number(String(line));
      await vi.waitUntil(() => statOf(parent.pid).includes('(sleep)'), WAIT);
      input.end();
      await vi.waitUntil(() => statOf(pid).includes(') Z '), WAIT);
      const folder = emptyFolder();
      lockOf(folder, { ...owner, pid });
      expect(() => lockFolder(folder).release()).not.toThrow();
      parent.kill();
    },
  );

  it('believes what it cannot check', () => {
    const folder = emptyFolder();
    lockOf(folder, { ...owner, pid: 2 ** 22 + 1, host: `not-${hostname()}` });
    expect(() => lockFolder(folder)).toThrow(/delete .*run\.lock if there is no such run/);
    lockOf(folder, '');
    expect(() => lockFolder(folder)).toThrow(/another run \(which is just starting\)/);
    const minuteAgo = Date.now() / 1000 - 60;
    utimesSync(join(folder, LOCK_FILE), minuteAgo, minuteAgo);
    lockFolder(folder).release();
  });

  const linux = process.platform === 'linux';
  const ownLock = (folder: string): Record<string, string> => {
    const lock = lockFolder(folder);
    const found = JSON.parse(readFileSync(join(folder, LOCK_FILE), 'utf8')) as Record<
      string,
      string
    >;
    lock.release();
    return found;
  };

  it.runIf(linux)('believes a process of another container or machine with the same name', () => {
    const folder = emptyFolder();
    const own = ownLock(folder);
    expect(own).toMatchObject({ pidNamespace: expect.stringMatching(/^pid:\[\d+\]$/) as unknown });
    const gone = { ...own, pid: 2 ** 22 + 1 }; // above Linux' largest
    const [boot, ticks] = own['start'].split(' ');
    const elsewhere = [
      { ...gone, pidNamespace: 'pid:[1]' },
      { ...own, pidNamespace: 'pid:[1]' }, // this pid, in another container
      { ...gone, start: `${boot}x ${ticks}`, machine: 'another' },
      { ...gone, start: `${boot}x ${ticks}`, machine: undefined },
    ];
    for (const lock of elsewhere) {
      lockOf(folder, lock);
      const taken =
        /in use by another run \(process \d+ on \S+, another machine or container, since .*delete .*run\.lock if there is no such run: where that container or machine was started anew, its runs have ended, but a lock stays/;
      expect(() => lockFolder(folder)).toThrow(taken);
      expect(() => checkUnlocked(folder)).toThrow(taken);
    }
    lockOf(folder, gone);
    checkUnlocked(folder);
    lockFolder(folder).release();
  });

  const self = linux ? ownLock(mkdtempSync(join(tmpdir(), 'llm101-lock-'))) : {};
  const isOutermost = self['pidNamespace'] === 'pid:[4026531836]' && 'machine' in self;
  it.runIf(isOutermost)('takes over from before the machine was started anew', () => {
    const folder = emptyFolder();
    lockOf(folder, { ...self, start: 'before 7' });
    expect(() => lockFolder(folder).release()).not.toThrow();
  });

  it.runIf(linux && spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0)(
    'keeps a run of another name space out, and is kept out by it',
    async () => {
      const folder = emptyFolder();
      const script = `
        import { lockFolder } from '@llm101/training/node';
        try { lockFolder(process.argv[1]); console.log('locked'); setInterval(() => {}, 1000); }
        catch (error) { console.log(error.message); }`;
      const args = ['--pid', '--fork', '--mount-proc', '--kill-child', process.execPath];
      const inside = () =>
        spawn('unshare', [...args, '--input-type=module', '-e', script, folder], {
          cwd: import.meta.dirname,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
      const first = inside();
      expect(String((await once(first.stdout, 'data'))[0])).toBe('locked\n');
      expect(() => lockFolder(folder)).toThrow(/process 1 on .*, another machine or container/);
      const second = inside();
      expect(String((await once(second.stdout, 'data'))[0])).toMatch(
        /in use by another run \(process 1 on/,
      );
      first.kill('SIGKILL');
      await once(first, 'close');
    },
  );

  const odd: readonly [string, RegExp, (path: string) => void][] = [
    ['a folder', /it is a folder; delete it, or take another folder$/, (path) => mkdirSync(path)],
    [
      'a full folder',
      /it is a folder/,
      (path) => mkdirSync(join(path, 'more'), { recursive: true }),
    ],
    ['a pipe', /it is a pipe/, (path) => spawnSync('mkfifo', [path])],
    ['a link', /it is a link/, (path) => symlinkSync('/etc/hostname', path)],
    ['a link to nothing', /it is a link/, (path) => symlinkSync('nothing', path)],
    ['a link to itself', /it is a link/, (path) => symlinkSync(path, path)],
    [
      'a large file',
      /it can't be read \(it has .* bytes or more/,
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 40);
      },
    ],
    ['another file', /it holds something else/, (path) => writeFileSync(path, 'a list of things')],
    ['other JSON', /it holds something else/, (path) => writeFileSync(path, '[1, 2]')],
    ['an odd owner', /it holds something else/, (path) => writeFileSync(path, '{"host":7}')],
    ['bytes', /it holds something else/, (path) => writeFileSync(path, Uint8Array.of(200, 1, 255))],
  ];
  it.skipIf(process.platform === 'win32').each(odd)('refuses %s, and leaves it', (_, why, make) => {
    const folder = emptyFolder();
    make(join(folder, LOCK_FILE));
    for (const attempt of [lockFolder, checkUnlocked]) {
      const error = errorOf(() => attempt(folder));
      expect(error).toBeInstanceOf(StoreInUseError);
      expect(error.message).toMatch(
        /^the folder \S+ can't be locked: \S+run\.lock must be a file that a run writes, and /,
      );
      expect(error.message).toMatch(why);
    }
    expect(readdirSync(folder)).toEqual([LOCK_FILE]);
  });

  it.skipIf(process.platform === 'win32')('refuses a socket', async () => {
    const folder = emptyFolder();
    const server = createServer().listen(join(folder, LOCK_FILE));
    await once(server, 'listening');
    expect(() => lockFolder(folder)).toThrow('it is a socket');
    server.close();
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says that a folder or lock can’t be read or written',
    () => {
      const folder = emptyFolder();
      lockOf(folder, owner);
      chmodSync(join(folder, LOCK_FILE), 0o000);
      expect(() => lockFolder(folder)).toThrow(/it can't be read \(EACCES/);
      rmSync(join(folder, LOCK_FILE));
      chmodSync(folder, 0o500);
      expect(() => lockFolder(folder)).toThrow('EACCES');
      chmodSync(folder, 0o700);
    },
  );

  it('takes over what a process left that was cut short while it wrote', () => {
    const minuteAgo = Date.now() / 1000 - 60;
    for (const begun of ['', '{"p', '{"pid":12,"ho', '\0\0\0\0']) {
      const folder = emptyFolder();
      lockOf(folder, begun);
      expect(() => lockFolder(folder), begun).toThrow('which is just starting');
      utimesSync(join(folder, LOCK_FILE), minuteAgo, minuteAgo);
      lockFolder(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('holds what is put in its place for lost, a pipe too', () => {
    const folder = emptyFolder();
    const lock = lockFolder(folder);
    rmSync(join(folder, LOCK_FILE));
    expect(lock.isHeld()).toBe(false);
    spawnSync('mkfifo', [join(folder, LOCK_FILE)]);
    expect(lock.isHeld()).toBe(false);
    lock.release();
    expect(readdirSync(folder)).toEqual(process.platform === 'win32' ? [] : [LOCK_FILE]);
  });
});

const errorOf = (attempt: () => unknown): Error => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
};

describe('fileStore', () => {
  it('is one run’s at a time, and clears what was cut short', async () => {
    const folder = join(emptyFolder(), 'checkpoints');
    const [first, second] = [fileStore(folder), fileStore(folder)];
    const release = await first.lock?.();
    await expect(second.lock?.()).rejects.toBeInstanceOf(StoreInUseError);
    await release?.();
    expect(() => readdirSync(folder)).toThrow('ENOENT'); // as nothing was written
    await first.write('step-00000005.safetensors', Uint8Array.of(1));
    for (const name of ['step-00000010.safetensors.part', 'mine.part']) {
      writeFileSync(join(folder, name), '');
    }
    const releaseSecond = await second.lock?.();
    expect(readdirSync(folder).sort()).toEqual([
      'mine.part',
      LOCK_FILE,
      'step-00000005.safetensors',
    ]);
    await releaseSecond?.();
  });
  it('is its folder’s run’s, where that is locked', async () => {
    const folder = emptyFolder();
    const lock = lockFolder(folder);
    const store = fileStore(join(folder, 'checkpoints'));
    await expect(store.lock?.()).rejects.toThrow('in use by another run');
    lock.release();
    const release = await store.lock?.();
    await release?.();
    expect(readdirSync(folder)).toEqual([]);
  });
});
