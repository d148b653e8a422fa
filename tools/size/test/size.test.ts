import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserBundle } from '../src/browser-bundle.mjs';
import { overBudget } from '../src/measure.mjs';

let folder = '';
const install = (name: string, code: string): void => {
  const home = join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ name, type: 'module', main: 'index.js' }),
  );
  writeFileSync(join(home, 'index.js'), code);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'size-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('browserBundle', () => {
  it('counts what is loaded, and leaves out what isn’t used', async () => {
    install(
      'plain',
      `export const used = '${'u'.repeat(500)}';\nexport const unused = '${'x'.repeat(900)}';\n`,
    );
    const { bytes, gzipBytes } = await browserBundle(
      `import { used } from 'plain';\nconsole.log(used);\n`,
      folder,
    );
    expect(bytes).toBeGreaterThan(500);
    expect(bytes).toBeLessThan(700);
    expect(gzipBytes).toBeLessThan(100);
  });
  it('counts what is imported on demand', async () => {
    install('late', `export default '${'l'.repeat(500)}';\n`);
    const { bytes } = await browserBundle(`console.log(await import('late'));\n`, folder);
    expect(bytes).toBeGreaterThan(500);
  });
  it('refuses a module of Node, and says who imports it', async () => {
    install(
      'reader',
      `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`,
    );
    await expect(
      browserBundle(`import { read } from 'reader';\nread();\n`, folder),
    ).rejects.toThrow(/reader\/index\.js imports node:fs, which browsers don't have/);
  });
});

describe('overBudget', () => {
  const budget = { '*': { unpacked: 10, gzip: 2 }, big: { unpacked: 100 } };
  it('is silent where all fit', () => {
    expect(
      overBudget([{ name: 'any', packed: 1e9, unpacked: 10_000, gzip: 2000 }], budget),
    ).toEqual([]);
  });
  it('names what doesn’t fit, and by how much', () => {
    const sizes = [
      { name: 'any', unpacked: 10_100, gzip: 1 },
      { name: 'big', unpacked: 101_000, gzip: 1e9 },
    ];
    expect(overBudget(sizes, budget)).toEqual([
      'any: unpacked must be at most 10 kB; got 10.1 kB',
      'big: unpacked must be at most 100 kB; got 101.0 kB',
    ]);
  });
});
