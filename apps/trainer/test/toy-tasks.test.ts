// Toy tasks by the command: learned by their answers, measured by whole ones, asked by a prompt.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, type Ended, ended, start } from './llm101.js';

const run = (cwd: string, line: string): Promise<Ended> => ended(start(line.split(' '), { cwd }));

it('a task is trained, measured, resumed and asked', { timeout: 300_000 }, async () => {
  const cwd = emptyFolder();
  const sizes =
    '--data copy:length=4,symbols=3,lines=200 --model wavenet --depth 4 --optimizer adamw --lr 0.01 --max-steps 150';
  const trained = await run(cwd, `train ${sizes} --val-interval 75 --log csv --run-dir run`);
  expect(trained.stderr + trained.stdout).toContain('whole answers');
  expect(trained.status).toBe(0);
  const metrics = readFileSync(join(cwd, 'run', 'metrics.jsonl'), 'utf8');
  const last: unknown = JSON.parse(metrics.trim().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ step: 150 });
  expect(last).toHaveProperty('valAnswerAccuracy');
  expect(readFileSync(join(cwd, 'run', 'metrics.csv'), 'utf8')).toMatch(/valAnswerAccuracy\n/);

  const evaluated = JSON.parse((await run(cwd, 'evaluate --run-dir run --json --quiet')).stdout);
  expect(evaluated).toMatchObject({ part: 'validation', answers: 12 });
  expect(trained.stdout).toContain(
    `whole answers     ${(100 * evaluated.answerAccuracy).toFixed(1)} % of ${evaluated.answers}`,
  );
  writeFileSync(join(cwd, 'other.txt'), 'ab=ab\nca=ca\nabc=cba\n');
  const other = JSON.parse(
    (await run(cwd, 'evaluate --run-dir run --data other.txt --json --quiet')).stdout,
  );
  expect(other).toMatchObject({ part: 'all', answers: 3, examples: 3 + 3 + 4 });
  writeFileSync(join(cwd, 'other.txt'), 'ab=ab\nca\n');
  const refused = await run(cwd, 'evaluate --run-dir run --data other.txt');
  expect(refused.stderr).toContain(
    "every line must have '=', which its answer stands after; got 'ca'",
  );
  expect(refused.status).toBe(1);

  const unasked = await run(cwd, 'sample --run-dir run --count 2');
  expect(unasked.stderr).toContain('ask it, by --prompt QUESTION=');
  const asked = await run(cwd, 'sample --run-dir run --count 1 --prompt ab= --temperature 0');
  expect(asked.stdout).toMatch(/^ab=[abc=]*\n$/);
  expect(asked.stderr).not.toContain('ask it');
  const resumed = await run(cwd, 'train --resume run --max-steps 160');
  expect(resumed.status).toBe(0);
  const other2 = await run(cwd, 'train --resume run --answer-after none');
  expect(other2.stderr).toContain('--answer-after is "=", not "none"');
});

it('tasks are listed with their sizes, shown and refused', { timeout: 120_000 }, async () => {
  const cwd = emptyFolder();
  const list = await run(cwd, 'data --list');
  expect(list.stdout).toContain('sort:symbols=8,length=8,shortest=1,lines=10000,seed=1');
  const shown = await run(cwd, 'data --data dyck:length=4,lines=40 --rows 3');
  expect(shown.stdout).toMatch(/= --> [)\]]/);
  const wrong = await run(cwd, 'train --data sort:length=0');
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain(
    '--data must be sort whose length is a whole number from 1 to 100; got "sort:length=0"',
  );
});
