import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleGraph } from '@tools/testing';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
const entries = ['index.ts', 'code/index.ts'].map((path) => join(src, path));

it('reaches all its files, and no module but these, by its packages too', () => {
  const graphs = entries.map((entry) => moduleGraph(entry));
  const files = new Set(graphs.flatMap((graph) => Array.from(graph.files)));
  const modules = new Set(graphs.flatMap((graph) => Array.from(graph.modules)));
  expect([...modules].sort()).toEqual([
    '@llm101/data',
    '@llm101/info-theory',
    '@llm101/models',
    '@llm101/random',
    '@llm101/safetensors',
    '@llm101/training',
    '@tensorflow/tfjs-core',
    'zod',
  ]);
  const own = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(src, path));
  expect([...files].filter((file) => file.startsWith(src)).sort()).toEqual(own.sort());
});

it('prints nothing and asks no process', () => {
  for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    if (path.startsWith('code')) continue; // writes programs that print
    const text = readFileSync(join(src, path), 'utf8');
    expect(text, path).not.toMatch(/\b(process|console)\./);
  }
});
