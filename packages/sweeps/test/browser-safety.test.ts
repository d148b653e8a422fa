import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectBrowserSafe } from '@tools/testing';
import { it } from 'vitest';

it('reaches nothing of Node from the main entry', () => {
  expectBrowserSafe(join(fileURLToPath(new URL('../src', import.meta.url)), 'index.ts'));
});
