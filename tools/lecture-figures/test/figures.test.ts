// The figures in docs/figures are what their program draws.
import { startBackend } from '@llm101/wasm';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { figures } from '../src/figures.mjs';

beforeAll(() => startBackend());

it.each(Object.entries(figures))(
  '%s is as it is drawn',
  async (name, draw) => {
    const kept = readFileSync(new URL(`../../../docs/figures/${name}`, import.meta.url), 'utf8');
    expect(
      `${await draw()}\n` === kept,
      'npx nx figures @tools/lecture-figures draws it anew',
    ).toBe(true);
  },
  300_000,
);
