import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectBrowserSafe, moduleGraph } from '../src/index.js';

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));

/** For Node as a whole. */
const NODE_ALONE = 'wandb';

const names = readdirSync(packages).filter(
  (name) => name !== NODE_ALONE && existsSync(join(packages, name, 'package.json')),
);

/** The entry `index.ts` of a package of two files in a folder of its own. */
function entryThatImports(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'browser-safety-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.ts'), `export * from './inner.js';\n`);
  writeFileSync(join(folder, 'inner.ts'), code);
  return join(folder, 'index.ts');
}

describe('main entries', () => {
  it.each(names)('%s runs in the browser', (name) => {
    expectBrowserSafe(join(packages, name, 'src', 'index.ts'));
  });

  it('are followed into other packages', () => {
    const { files } = moduleGraph(join(packages, 'training', 'src', 'index.ts'));
    expect(files).toContain(join(packages, 'random', 'src', 'index.ts'));
  });
});

describe('expectBrowserSafe', () => {
  it.each([
    `import { readFileSync } from 'node:fs';`,
    `import type { Socket } from 'net';`,
    `export const late = () => import('node:os');`,
    `import { Command } from 'commander';`,
    `export { fileStore } from '@llm101/training/node';`,
    `export const memory = process.memoryUsage();`,
    `export const bytes = Buffer.alloc(1);`,
  ])('refuses %s', (code) => {
    expect(() => expectBrowserSafe(entryThatImports(code))).toThrow('to deeply equal []');
  });

  it.each([
    `import { tidy } from '@tensorflow/tfjs-core';`,
    `/** As long as the process. */\nexport const x = 1; // Buffer.from\n// import 'node:fs';\n`,
  ])('accepts %s', (code) => {
    expectBrowserSafe(entryThatImports(code));
  });
});
