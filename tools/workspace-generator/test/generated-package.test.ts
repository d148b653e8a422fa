import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyWorkspace } from './copy-workspace.js';
import { programsOf } from './run-program.js';

// Twice what it takes on a machine with two cores.
const LONGEST_MS = 120_000;

let copy: string;
let made: string;
let said: string;
let run: ReturnType<typeof programsOf>;

beforeAll(() => {
  copy = copyWorkspace();
  run = programsOf(copy);
  made = join(copy, 'packages/fresh-idea');
  const generator = '@tools/workspace-generator:package';
  said = run(copy, 'nx', 'g', generator, 'fresh-idea', '--description', 'A new idea.');
}, LONGEST_MS);

afterAll(() => rmSync(copy, { recursive: true }));

it('is announced, with what is left to do', () => {
  expect(said).toContain('CREATE packages/fresh-idea/src/mean.ts');
  expect(said).toContain('npm install');
});

it('compiles, sources and tests', () => {
  run(made, 'tsc', '-b');
  run(made, 'tsc', '-b', 'test');
  expect(existsSync(join(made, 'dist/index.js'))).toBe(true);
});

it('passes its tests', () => {
  expect(run(made, 'vitest', 'run', '--config', '../../vitest.config.ts', '--root', '.')).toContain(
    '4 passed',
  );
});

it('is formatted and has nothing for the linter', () => {
  const changed = ['packages/fresh-idea', 'tsconfig.json', 'tools/boundaries/boundaries.json'];
  run(copy, 'prettier', '--check', ...changed);
  run(made, 'oxlint', '--type-aware', '--deny-warnings', '.');
  expect(existsSync(join(made, 'LICENSE'))).toBe(true);
});

it('keeps within its boundaries', () => {
  const main = join(copy, 'tools/boundaries/src/main.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(stdout + stderr).toContain('boundaries: ');
  expect(stdout + stderr).not.toContain('fresh-idea');
});

it('works for those who install it', () => {
  expect(run(made, 'package-test')).toContain('0 failed');
});
