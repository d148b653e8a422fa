// MEGABYTE: it learns a text and writes some; what its network computes is tested in packages/models.
import { startBackend } from '@llm101/wasm';
import { runReadme } from '@tools/testing';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

it('learns, and writes', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const loss = await run('names', 100);
  const lines = log.mock.calls.map((words) => words.join(' '));
  log.mockRestore();
  write.mockRestore();
  expect(loss).toBeLessThan(2.8); // that of single letters is 2.85
  expect(lines[0]).toMatch(/^\d+ parameters$/);
  expect(lines[2]).toMatch(/^[a-z\n]+$/);
});

it('the snippets of its page print what it says', async () => {
  await runReadme(fileURLToPath(new URL('..', import.meta.url)), '../../docs/lectures/megabyte.md');
});
