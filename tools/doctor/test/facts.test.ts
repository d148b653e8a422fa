import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from '../src/diagnose.mjs';
import { readBuild, readFiles } from '../src/checkout.mjs';
import { readEngine, readPython } from '../src/machine.mjs';
import { readLock, readTfjs } from '../src/installed.mjs';
import { format, ok, problem } from '../src/finding.mjs';

let root = '';
const write = (path: string, content: string | object): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it('knows an engine that runs these tests: V8 with SIMD', () => {
  expect(readEngine()).toMatchObject({ hasSimd: true });
  expect(readEngine().hasRelaxedSimd).toBe(Number(process.versions.node.split('.')[0]) >= 21);
});

it('compares the lockfile with what is installed and what is asked for', () => {
  write('package.json', { dependencies: { a: '1.0.0', b: '1.0.0' } });
  write('tools/t/package.json', { devDependencies: { c: '2.0.0' } });
  write('package-lock.json', {
    packages: {
      '': { dependencies: { b: '1.0.0', a: '1.0.0' } },
      'tools/t': { devDependencies: { c: '1.0.0' } },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', optional: true },
      'node_modules/t': { link: true, resolved: 'tools/t' },
    },
  });
  write('node_modules/a/package.json', { version: '1.0.1' });
  expect(readLock(root)).toEqual({
    isInstalled: true,
    places: [
      { path: 'node_modules/a', locked: '1.0.0', installed: '1.0.1', isOptional: false },
      { path: 'node_modules/b', locked: '1.0.0', installed: undefined, isOptional: true },
      { path: 'node_modules/t', locked: undefined, installed: undefined, isOptional: false },
    ],
    behind: ['tools/t/package.json'],
  });
});

it('finds copies of tfjs at the root, in a workspace and inside of another package', () => {
  const core = { name: '@tensorflow/tfjs-core', version: '4.22.0' };
  const places = ['', 'packages/x/', 'node_modules/@scope/y/'].map(
    (place) => `${place}node_modules/@tensorflow/tfjs-core`,
  );
  for (const place of places) write(`${place}/package.json`, core);
  expect(
    readTfjs(root)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(places.toSorted());
});

it('finds entries that were not built', () => {
  write('packages/x/package.json', {
    exports: { '.': { '@llm101/source': './src/index.ts', default: './dist/index.js' } },
    imports: { '#y': { default: './dist/y.js' } },
  });
  write('packages/x/dist/index.js', '');
  expect(readBuild(root)).toEqual({ missing: [join('packages/x', 'dist/y.js')], stale: undefined });
});

it('reads line endings as git does', () => {
  expect(readFiles(root)).toBeUndefined();
  spawnSync('git', ['init', '-q'], { cwd: root });
  write('unix.txt', 'a\nb\n');
  write('dos.txt', 'a\r\nb\r\n');
  spawnSync('git', ['-c', 'core.autocrlf=false', 'add', '.'], { cwd: root });
  expect(readFiles(root)).toEqual([
    { path: 'dos.txt', inIndex: 'crlf', onDisk: 'crlf', hasOtherCase: false },
    { path: 'unix.txt', inIndex: 'lf', onDisk: 'lf', hasOtherCase: false },
  ]);
});

it('takes a Python that is not there as none', () => {
  const environment = { LLM101_PYTHON: '/nowhere/python' };
  expect(readPython(root, environment)).toEqual({
    program: '/nowhere/python',
    version: undefined,
    packages: {},
  });
});

describe('the whole', () => {
  it('continues after a look that fails', async () => {
    write('package.json', { engines: { node: '>=20.19' }, packageManager: 'npm@11.0.0' });
    const findings = await diagnose(root, { isOffline: true });
    expect(findings.find(({ check }) => check === 'node')?.level).toBe('ok');
    const lock = findings.find(({ check }) => check === 'node_modules');
    expect(lock?.found).toMatch(/^can't be looked at: ENOENT.*package-lock\.json/);
    expect(findings.find(({ check }) => check === 'python')?.level).toBe('ok');
  });
  it('prints a line each, how to fix it, and counts', () => {
    expect(format([ok('node', '22.0.0'), problem('tfjs', 'not installed', 'npm ci')])).toBe(
      [
        'ok       node  22.0.0',
        'problem  tfjs  not installed',
        '               -> npm ci',
        'doctor: 1 ok, warnings: 0, problems: 1',
      ].join('\n'),
    );
  });
});
