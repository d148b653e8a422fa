// Files that may be anything.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FileLimitError, readFileWithin } from '../src/node/index.js';

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-read-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it('reads files up to their limit', () => {
  const path = join(emptyFolder(), 'file');
  for (const length of [0, 1, 100, 70_000]) {
    writeFileSync(path, 'x'.repeat(length));
    const bytes = readFileWithin(path, length);
    expect([bytes.length, bytes.byteOffset, bytes.every((byte) => byte === 120)]).toEqual([
      length,
      0,
      true,
    ]);
  }
  expect(() => readFileWithin(path, 69_999)).toThrow(FileLimitError);
});

it('refuses a file of a terabyte before it reads', () => {
  const path = join(emptyFolder(), 'file');
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
  expect(() => readFileWithin(path, 1000)).toThrow(
    'it has 1,099,511,627,776 bytes or more, and may have 1,000',
  );
});

it.skipIf(process.platform === 'win32')('refuses what is no file, and doesn’t wait for it', () => {
  const pipe = join(emptyFolder(), 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  expect(() => readFileWithin(pipe, 1000)).toThrow('it is a pipe, and must be a file');
  expect(() => readFileWithin('/dev/zero', 1000)).toThrow('it is a device, and must be a file');
  expect(() => readFileWithin(emptyFolder(), 1000)).toThrow('EISDIR');
  expect(() => readFileWithin(join(pipe, 'x'), 1000)).toThrow('ENOTDIR');
});

it.skipIf(process.platform === 'win32')('reads a pipe where it may, to its limit', () => {
  const pipe = join(emptyFolder(), 'pipe');
  spawnSync('mkfifo', [pipe]);
  spawn('sh', ['-c', `(printf 'a'; sleep 0.1; printf 'b') > '${pipe}'`], { stdio: 'ignore' });
  expect(Buffer.from(readFileWithin(pipe, 2, { pipes: true })).toString()).toBe('ab');
  spawn('sh', ['-c', `yes > '${pipe}'`], { stdio: 'ignore' });
  expect(() => readFileWithin(pipe, 100_000, { pipes: true })).toThrow('and may have 100,000');
});
