// llm101 code: programs that other tests run, as the command prints them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveSettings } from '@llm101/runs';
import { pytorchOf, typescriptOf } from '@llm101/runs/code';
import { expect, it } from 'vitest';
import { emptyFolder, ended, start } from './llm101.js';

const code = (cwd: string, line: string) => ended(start(['code', ...line.split(' ')], { cwd }));

it('prints the program of its settings, in both languages', { timeout: 60_000 }, async () => {
  const settings = resolveSettings({ flags: { model: 'cnn', lr: 0.05 } });
  const cwd = emptyFolder();
  const typescript = await code(cwd, '--model cnn --lr 0.05');
  expect(typescript).toEqual({ status: 0, stdout: typescriptOf(settings), stderr: '' });
  const pytorch = await code(cwd, '--model cnn --lr 0.05 --language pytorch');
  expect(pytorch).toEqual({ status: 0, stdout: pytorchOf(settings), stderr: '' });
});

it(
  'knows the text: how long its lines are, how much is held out',
  { timeout: 60_000 },
  async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'short.txt'), 'ab\ncd\n'.repeat(20));
    writeFileSync(join(cwd, 'long.txt'), `ab\n${'cd'.repeat(40)}\n`.repeat(20));
    const line = '--model gpt --context-size 32 --data';
    const [short, long] = await Promise.all(
      ['short.txt', 'long.txt'].map(async (text) => (await code(cwd, `${line} ${text}`)).stdout),
    );
    expect(short).toContain('{ packedSize: 512, shuffle: true, generator }');
    expect(long).toContain('packedSize: contextSize,');
  },
);

it('says why there is no program', { timeout: 60_000 }, async () => {
  const cwd = emptyFolder();
  const line = '--language pytorch --tokenizer bpe --answer-after = --data';
  writeFileSync(join(cwd, 'sums.txt'), '1+1=2\n2+2=4\n'.repeat(20));
  const { status, stdout, stderr } = await code(cwd, `${line} sums.txt`);
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('finds answers by characters or bytes');
});
