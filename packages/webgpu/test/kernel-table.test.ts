import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilerFor } from '../src/index.js';
import { problemsOf, rows } from './kernel-table.js';
import { hasNone, sharedGpu } from './on-gpu.js';

beforeAll(() => startBackend());

describe.skipIf(hasNone).each(Object.keys(rows))('%s', (name) => {
  it.each(rows[name].map((row, i) => [i, row] as const))('row %i', async (_, row) => {
    const problems = await problemsOf(compilerFor(await sharedGpu()), name, row);
    expect(problems.length, problems.slice(0, 4).join('\n')).toBe(0);
  });
});
