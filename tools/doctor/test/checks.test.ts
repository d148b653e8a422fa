import { describe, expect, it } from 'vitest';
import { checkBuild, checkData, checkFiles, checkHooks } from '../src/checkout.mjs';
import {
  checkEngine,
  checkNode,
  checkNpm,
  checkPython,
  checkRegistry,
  checkSpace,
} from '../src/machine.mjs';
import { checkLock, checkTfjs } from '../src/installed.mjs';
import { ok, problem, warning } from '../src/finding.mjs';

describe('versions', () => {
  const versions = { node: '20.19.0', leastNode: '20.19', npm: '10.8.2', usedNpm: '11.19.1' };
  it('takes the oldest and later ones, compared as numbers', () => {
    for (const node of ['20.19.0', '20.20.1', '22.0.0', '100.1.0']) {
      expect(checkNode({ ...versions, node }).level).toBe('ok');
    }
    expect(checkNode({ ...versions, node: '20.9.0' })).toEqual(
      problem('node', '20.9.0; must be 20.19 or later', 'install it, or `nvm install`'),
    );
  });
  it('warns of an npm before 10 and misses one that is not there', () => {
    expect(checkNpm(versions).level).toBe('ok');
    expect(checkNpm({ ...versions, npm: '9.9.9' })).toEqual(
      warning('npm', '9.9.9; 10 and later are tested', 'npm install -g npm@11.19.1'),
    );
    expect(checkNpm({ ...versions, npm: undefined }).level).toBe('problem');
  });
});

it('needs SIMD, and reports relaxed SIMD', () => {
  const engine = { name: 'V8', processor: 'CPU', hasSimd: true, hasRelaxedSimd: true };
  expect(checkEngine(engine)).toEqual([ok('simd', 'V8, CPU: SIMD; relaxed SIMD too')]);
  expect(checkEngine({ ...engine, hasRelaxedSimd: false })[0].level).toBe('ok');
  expect(checkEngine({ ...engine, hasSimd: false })[0].level).toBe('problem');
});

describe('node_modules', () => {
  const vite = {
    path: 'node_modules/vite',
    locked: '8.0.0',
    installed: '8.0.0',
    isOptional: false,
  };
  const lock = { isInstalled: true, places: [vite], behind: [] };
  it('is fine as the lockfile has it, but for packages of other systems', () => {
    const other = { ...vite, path: 'node_modules/x-win32', installed: undefined, isOptional: true };
    const link = {
      ...vite,
      path: 'node_modules/@llm101/data',
      locked: undefined,
      installed: '0.1.0',
    };
    expect(checkLock({ ...lock, places: [vite, other, link] })).toEqual([
      ok('node_modules', 'as package-lock.json has it: 3'),
    ]);
  });
  it('reports what is missing, what is another version, and what nobody locked', () => {
    const [old, gone] = [
      { ...vite, installed: '7.0.0' },
      { ...vite, path: 'node_modules/nx', installed: undefined },
    ];
    expect(checkLock({ isInstalled: true, places: [old, gone], behind: ['package.json'] })).toEqual(
      [
        problem(
          'node_modules',
          'package-lock.json is behind package.json',
          'npm install, and commit package-lock.json',
        ),
        problem('node_modules', 'missing: node_modules/nx', 'npm install'),
        problem('node_modules', 'node_modules/vite is 7.0.0, locked 8.0.0', 'npm ci'),
      ],
    );
  });
  it('says one thing when nothing is installed', () => {
    expect(checkLock({ ...lock, isInstalled: false })).toEqual([
      problem('node_modules', 'nothing is installed', 'npm ci'),
    ]);
  });
});

describe('tfjs', () => {
  const core = { name: '@tensorflow/tfjs-core', version: '4.22.0', path: 'a' };
  const wasm = { name: '@tensorflow/tfjs-backend-wasm', version: '4.22.0', path: 'b' };
  it('is there once, both of one version', () => {
    expect(checkTfjs([core, wasm])[0].level).toBe('ok');
    expect(checkTfjs([core, { ...wasm, version: '4.21.0' }])[0]).toMatchObject({
      level: 'problem',
      found: 'tfjs-core 4.22.0, tfjs-backend-wasm 4.21.0',
    });
    expect(checkTfjs([])[0].level).toBe('problem');
  });
  it('is a problem twice, even of the same version', () => {
    expect(checkTfjs([core, wasm, { ...core, path: 'packages/x/a' }])[0]).toMatchObject({
      level: 'problem',
      found: 'several copies: a (4.22.0), packages/x/a (4.22.0)',
    });
  });
});

it('dist: missing files stop work, stale ones are warned of', () => {
  expect(checkBuild({ missing: [], stale: [] })[0].level).toBe('ok');
  expect(checkBuild({ missing: ['packages/data/dist/index.js'], stale: [] })[0].level).toBe(
    'problem',
  );
  expect(checkBuild({ missing: [], stale: ['a', 'b', 'c', 'd', 'e'] })).toEqual([
    warning('dist', 'older than its sources: a, b, c and 2 more', 'npm run build'),
  ]);
  expect(checkBuild({ missing: [], stale: undefined })[0].level).toBe('warning');
});

it('disk and memory each have their bounds', () => {
  const roomy = { diskBytes: 9e9, memoryBytes: 8e9, totalMemoryBytes: 16e9, cores: 4 };
  expect(checkSpace(roomy)).toEqual([
    ok('disk', '9.0 GB free'),
    ok('memory', '8.0 GB of 16.0 GB free, cores: 4'),
  ]);
  const levels = checkSpace({ ...roomy, diskBytes: 1e8, memoryBytes: 1e9 }).map(
    ({ level }) => level,
  );
  expect(levels).toEqual(['problem', 'warning']);
});

it('data: a folder that is not there is a problem, figures that are not available a warning', () => {
  expect(checkData({ folder: undefined, isFolder: false, missing: [] })[0].level).toBe('ok');
  expect(checkData({ folder: '/d', isFolder: true, missing: ['names.txt'] })).toEqual([
    warning(
      'data',
      'LLM101_DATA_DIR is /d; no ../shared/names.txt',
      'put it there; tests of whole runs are skipped without',
    ),
  ]);
  expect(checkData({ folder: '/d', isFolder: false, missing: [] })[0].level).toBe('problem');
});

it('hooks: only those of this repository count, and a tarball has none', () => {
  const hooks = { isCheckout: true, path: '.husky/_', isInstalled: true };
  expect(checkHooks(hooks)[0].level).toBe('ok');
  expect(checkHooks({ ...hooks, isInstalled: false })[0].level).toBe('warning');
  expect(checkHooks({ ...hooks, path: '/elsewhere' })[0].found).toContain('are in /elsewhere');
  expect(checkHooks({ isCheckout: false, path: '', isInstalled: false })[0].level).toBe('ok');
});

describe('files', () => {
  const file = { path: 'a.ts', inIndex: 'lf', onDisk: 'lf', hasOtherCase: false };
  it('are fine with one case and LF', () => {
    expect(checkFiles([file, { ...file, path: 'b.bin', inIndex: '-text' }])).toEqual([
      ok('files', 'names and line endings of 2'),
    ]);
    expect(checkFiles(undefined)[0].level).toBe('ok');
  });
  it('are checked for case, and for what the disk has', () => {
    const found = checkFiles([
      file,
      { ...file, path: 'A.ts' },
      { ...file, path: 'c.ts', hasOtherCase: true },
      { ...file, path: 'd.ts', onDisk: 'crlf' },
    ]);
    expect(found.map((finding) => [finding.level, finding.found])).toEqual([
      ['problem', 'names that differ in case alone: a.ts and A.ts'],
      ['problem', 'the disk has another case of c.ts'],
      ['warning', 'lines that end in CRLF: d.ts'],
    ]);
  });
});

it('python and the registry never stop work, and no password is printed', () => {
  expect(checkPython({ program: 'python3', version: undefined, packages: {} })[0].level).toBe('ok');
  expect(
    checkPython({ program: 'python3', version: '3.12.1', packages: { torch: '2.13.0' } })[0].found,
  ).toMatch(/^3\.12\.1, torch 2\.13\.0, no jax/);
  const [finding] = checkRegistry({ url: 'https://me:secret@r.org/', trouble: 'ENOTFOUND' });
  expect(finding).toMatchObject({ level: 'warning', found: 'https://r.org/: ENOTFOUND' });
  expect(checkRegistry({ url: 'https://r.org/', trouble: undefined })[0].level).toBe('ok');
});
