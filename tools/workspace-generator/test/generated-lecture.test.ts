// A lesson that was just made trains, and passes what every workspace has to pass.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
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
  copy = copyWorkspace({ built: true });
  run = programsOf(copy);
  made = join(copy, 'examples/state-space');
  const generator = '@tools/workspace-generator:lecture';
  said = run(copy, 'nx', 'g', generator, 'state-space', '--description', 'A "new" model.');
  const scope = join(copy, 'node_modules/@examples'); // as npm install does
  mkdirSync(scope, { recursive: true });
  symlinkSync(made, join(scope, 'state-space'));
}, LONGEST_MS);

afterAll(() => rmSync(copy, { recursive: true }));

it('is announced, with what is left to do', () => {
  expect(said).toContain('CREATE examples/state-space/src/state-space-model.ts');
  expect(said).toContain('npx nx start @examples/state-space');
});

it(
  'compiles and trains',
  () => {
    run(made, 'tsc', '-b', 'test');
    const output = run(made, 'node', 'dist/main.js');
    const [, loss] = /(\d\.\d{4}) nats a character/.exec(output) ?? [];
    expect(Number(loss)).toBeGreaterThan(1.8);
    expect(Number(loss)).toBeLessThan(2.3); // that of pairs of letters is 2.42
  },
  LONGEST_MS,
);

it(
  'passes its tests',
  () => {
    const settings = ['--config', '../../vitest.config.ts', '--root', '.'];
    expect(run(made, 'vitest', 'run', ...settings)).toContain('2 passed');
  },
  LONGEST_MS,
);

it('is formatted, has nothing for the linter and keeps within its boundaries', () => {
  run(copy, 'prettier', '--check', 'examples/state-space', 'tsconfig.json');
  run(made, 'oxlint', '--type-aware', '--deny-warnings', '.');
  const main = join(copy, 'tools/boundaries/src/main.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(stdout + stderr).toContain('boundaries: ');
  expect(stdout + stderr).not.toContain('state-space');
});
