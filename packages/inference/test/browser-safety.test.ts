import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleGraph } from '@tools/testing';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
const own = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(src, path));

it('reaches all its files, and no module but these, by its packages too', () => {
  const { files, modules } = moduleGraph(join(src, 'index.ts'));
  expect([...modules].sort()).toEqual([
    '@llm101/data',
    '@llm101/info-theory',
    '@llm101/models',
    '@llm101/random',
    '@llm101/runs',
    '@llm101/safetensors',
    '@llm101/training',
    '@tensorflow/tfjs-core',
    'zod',
  ]);
  expect([...files].filter((file) => file.startsWith(src)).sort()).toEqual(own.sort());
});

it('prints nothing and asks no process', () => {
  for (const path of own)
    expect(readFileSync(path, 'utf8'), path).not.toMatch(/\b(process|console)\./);
});
