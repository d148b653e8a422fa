// report.html at the end of a run, and `llm101 report`.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ended, emptyFolder, start, succeed } from './llm101.js';

const SHORT = 'train --max-steps 40 --val-interval 20 --log-interval 10 --run-dir'.split(' ');

it('draws a run at its end, again, and beside another', async () => {
  const folder = emptyFolder();
  const [first, second] = ['first', 'second'].map((name) => join(folder, name));
  const { stdout } = await succeed(...SHORT, first);
  expect(stdout).toContain(`\nreport: ${first}/report.html\n`);
  const page = readFileSync(join(first, 'report.html'), 'utf8');
  expect(page).toContain(`<h1>${first}</h1>`);
  expect(page).toContain('Norm of the gradient');
  expect(page).toContain('<th scope="row">dHidden</th>');
  expect(page).not.toMatch(/<th[^>]*>(?:beta1|stepSize|packedSize|depth|text)/); // what an MLP's run doesn't read
  expect(page).toContain('<th scope="row">Git commit</th>');
  expect(page).toContain('The embedding of each symbol in two dimensions');

  rmSync(join(first, 'report.html'));
  const again = await succeed('report', first);
  expect(again.stdout).toBe(`${first}/report.html\n`);
  expect(readFileSync(join(first, 'report.html'), 'utf8')).toBe(page);

  await succeed(...SHORT, second, '--model', 'cnn');
  const both = join(folder, 'both.html');
  await succeed('report', first, second, '--output', both);
  expect(readFileSync(both, 'utf8')).toContain('2 runs compared');
  const { stdout: answer } = await succeed('report', folder, '--output', both, '--json');
  expect(JSON.parse(answer)).toMatchObject({
    runs: [first, second],
    differing: expect.arrayContaining(['model']) as unknown,
    table: [{ name: 'first', steps: 40, settings: { model: 'mlp' } }, { name: 'second' }],
  });
});

it('does not lose a run whose report cannot be written', async () => {
  const runDir = join(emptyFolder(), 'run');
  const child = start([...SHORT.with(2, '200000'), runDir]);
  const end = ended(child);
  while (!existsSync(join(runDir, 'metrics.jsonl')) && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  mkdirSync(join(runDir, 'report.html')); // where the report would be
  child.kill('SIGINT');
  const { status, stderr } = await end;
  expect(status).toBe(130);
  expect(stderr).toContain(`llm101: ${runDir}/report.html could not be written: it is a folder\n`);
  renameSync(join(runDir, 'model.safetensors'), join(runDir, 'kept'));
});
