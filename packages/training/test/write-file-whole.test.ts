import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileWhole, writeFileWholeSync } from '../src/node/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-file-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([
  ['writeFileWhole', writeFileWhole],
  ['writeFileWholeSync', writeFileWholeSync],
])('%s', (_, write) => {
  const attempt = async (path: string): Promise<void> => {
    await write(path, new TextEncoder().encode('new'));
  };
  it('replaces what is there, and leaves nothing beside', async () => {
    writeFileSync(join(folder, 'file'), 'a longer old text');
    await attempt(join(folder, 'file'));
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });
  it('writes what a link leads to', async () => {
    writeFileSync(join(folder, 'file'), 'old');
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    await attempt(join(folder, 'link'));
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
  });
  it('leaves what it can’t replace, and nothing beside', async () => {
    mkdirSync(join(folder, 'taken'));
    await expect(attempt(join(folder, 'taken'))).rejects.toThrow(/EISDIR|EPERM|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder)).toEqual(['taken']);
    await expect(attempt(join(folder, 'missing', 'file'))).rejects.toThrow('ENOENT');
  });
  it('passes content on to a device', async () => {
    await attempt('/dev/null');
    expect(statSync('/dev/null').isFile()).toBe(false);
  });
});
