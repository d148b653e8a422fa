import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runReadme } from '@tools/testing';
import { expect, it } from 'vitest';
import { emptyFolder } from './llm101.js';

const root = fileURLToPath(new URL('..', import.meta.url));

it('the commands of the README do what it says', () => {
  const folder = emptyFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(root, 'bin', 'llm101.js'), join(bin, 'llm101'));
  const env = { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter) };
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const commands = /^```sh run\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  const printed = execFileSync('sh', ['-ec', commands], {
    cwd: folder,
    env,
    stdio: 'pipe',
  }).toString();
  expect(printed).toMatch(/\n(ma[a-z]*\n){3}mlp of runs\/first, 2000 steps\n/);
  expect(existsSync(join(folder, 'runs', 'first', 'model.safetensors'))).toBe(true);
});

it.each([
  '../../README.md',
  '../../docs/lectures/06-line-by-line.md',
  '../../docs/lectures/06-convolutional-networks.md',
])('the snippets of %s print what it says', async (file) => {
  await runReadme(root, file);
});
