import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runReadme } from '@tools/testing';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

it('runs what the README shows', async () => {
  await runReadme(root);
});

it('runs the files that it shows, on threads', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const files = [...readme.matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  const folder = join(root, 'dist', '.readme', `threads-${process.pid}`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(folder, { recursive: true });
  for (const [, name, code] of files) writeFileSync(join(folder, name), code);
  expect(files.map(([, name]) => name)).toEqual(['replica.js', 'worker.js', 'main.js']);
  const end = readme.slice((files.at(-1)?.index ?? 0) + 1);
  const [, output] = /^```text\n([\s\S]*?)^```$/m.exec(end) ?? [];
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.js')]);
  expect(stdout).toBe(output);
});
