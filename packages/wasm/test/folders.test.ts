import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** The folders of `src`; each imports only those before it. */
const FOLDERS = [
  'kernels',
  'reference',
  'graph',
  'ops',
  'eager',
  'compile/record',
  'compile/passes',
  'compile/plan',
  'compile/program',
  'compile',
  '',
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, folder: dirname(file).replace(/^\.$/, '') }));

it.each(files)('$file imports only folders below its own', ({ file, folder }) => {
  const path = join(src, file);
  const imports = readFileSync(path, 'utf8').matchAll(/ from '(\..*?)';/g);
  const folders = Array.from(imports, ([, to]) => relative(src, dirname(join(dirname(path), to))));
  const ranks = [folder, ...folders].map((name) => FOLDERS.indexOf(name));
  expect(ranks).not.toContain(-1);
  expect(Math.max(...ranks)).toBe(ranks[0]);
});
