import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectBrowserSafe, moduleGraph } from '@tools/testing';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
const main = join(src, 'index.ts');

it('reaches nothing of Node from the main entry', () => {
  expectBrowserSafe(main);
});

it('reaches all files but those of the Node entry, and no module but these', () => {
  const { files, modules } = moduleGraph(main);
  expect([...modules]).toEqual(['@llm101/random']);
  const own = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('node'))
    .map((path) => join(src, path));
  expect([...files].filter((file) => file.startsWith(src)).sort()).toEqual(own.sort());
});

it('sees the Node modules of the Node entry', () => {
  const { modules } = moduleGraph(join(src, 'node', 'index.ts'));
  expect([...modules].some((name) => name.startsWith('node:'))).toBe(true);
});
