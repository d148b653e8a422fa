import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkInstallation } from '../src/new-user.mjs';

/** A project in which packages are installed, the first with a file. */
const project = (packages: Record<string, object>, file = 'index.js'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'installation-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const path of Object.keys(packages)) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, Object.keys(packages)[0], file), 'x'.repeat(100_000));
  const lock = { packages: { '': {}, ...packages } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  return folder;
};

it('says how much was installed', () => {
  const folder = project({ 'node_modules/a': {}, 'node_modules/b': {} });
  expect(checkInstallation(folder)).toBe('2 packages, 0.1 MB');
});

it('refuses too many packages, scripts and native code', () => {
  const names = Array.from({ length: 61 }, (_, i) => [`node_modules/p${i}`, {}]);
  expect(() =>
    checkInstallation(project(Object.fromEntries(names) as Record<string, object>)),
  ).toThrow('at most 60 packages and 60 MB; got 61 packages, 0.1 MB');
  expect(() =>
    checkInstallation(project({ 'node_modules/a': { hasInstallScript: true } })),
  ).toThrow('no install scripts and no native code; got node_modules/a');
  expect(() => checkInstallation(project({ 'node_modules/a': {} }, 'a.node'))).toThrow('a.node');
});
