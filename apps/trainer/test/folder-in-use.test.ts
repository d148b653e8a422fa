// Two runs, one folder: neither may write into what the other has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { LOCK_FILE, lockFolder } from '../src/run-folder/folder-lock.js';
import {
  emptyFolder,
  ended,
  errorOf,
  metricsOf,
  RUN_FILES,
  start,
  succeed,
  untilLogged,
} from './llm101.js';

const ENDLESS = 'train --max-steps 100000000 --val-interval 0 --log-interval 10 --run-dir'.split(
  ' ',
);
const SHORT = 'train --max-steps 20 --val-interval 0 --log-interval 10 --run-dir'.split(' ');

describe('a run folder in use', () => {
  it('is refused to other runs until its run has ended', async () => {
    const runDir = join(emptyFolder(), 'run');
    const child = start([...ENDLESS, runDir]);
    const end = ended(child);
    await untilLogged(runDir, child);
    expect(await errorOf(1, ...SHORT, runDir)).toMatch(
      new RegExp(
        `in use by another run \\(process ${child.pid} on .*\\); wait for its end, choose another`,
      ),
    );
    expect(existsSync(`${runDir}.1`)).toBe(false);
    child.kill('SIGINT');
    expect((await end).status).toBe(130);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    await succeed(...SHORT, runDir);
    expect(readdirSync(`${runDir}.1`).sort()).toEqual(RUN_FILES);
  });

  it('is free again when its run was killed', async () => {
    const runDir = join(emptyFolder(), 'run');
    const child = start([...ENDLESS, runDir]);
    const end = ended(child);
    await untilLogged(runDir, child);
    child.kill('SIGKILL');
    await end;
    expect(readdirSync(runDir)).toContain(LOCK_FILE);
    await succeed(...SHORT, runDir);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    const moved = readdirSync(`${runDir}.1`);
    expect(moved).toContain('metrics.jsonl');
    expect(moved).not.toContain('model.safetensors');
    expect(moved).not.toContain(LOCK_FILE);
  });

  it('that is moved away ends its run, which touches nothing of the next one', async () => {
    const folder = emptyFolder();
    const [runDir, moved, rescued] = ['run', 'moved', 'tmp'].map((name) => join(folder, name));
    mkdirSync(rescued);
    const child = start([...ENDLESS, runDir], { env: { TMPDIR: rescued } });
    const end = ended(child);
    await untilLogged(runDir, child);
    child.kill('SIGSTOP');
    renameSync(runDir, moved);
    await succeed(...SHORT, runDir);
    child.kill('SIGCONT');
    const { status, stderr } = await end;
    expect(status).toBe(1);
    expect(stderr).toMatch(/run folder .* has been moved, deleted or unlocked; leave it in place/);
    expect(metricsOf(runDir).map(({ step }) => step)).toEqual([10, 20]);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
    expect(stderr).toMatch(
      /the model of that step is saved as .*tmp\/llm101-\w+\/model\.safetensors\n$/,
    );
  });
});

describe('lockFolder', () => {
  const WAIT = { timeout: 30_000 };
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
});
