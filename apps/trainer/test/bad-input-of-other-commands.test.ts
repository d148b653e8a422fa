// Each mistake: one line that says what to do, a status that isn't 0, and nothing left behind.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { emptyFolder, ended, errorOf, llm101, onlyError, start, succeed } from './llm101.js';

const NO_RUN =
  /^there is no run in runs\/ to take; name the folder of one, or make one by llm101 train/;

const errorWithoutRuns = async (command: string): Promise<string> =>
  onlyError(2, await ended(start([command], { cwd: emptyFolder() })));

describe('llm101 sample and evaluate', () => {
  it('a run that is missing, truncated or foreign', async () => {
    const folder = emptyFolder();
    for (const command of ['sample', 'evaluate']) {
      expect(await errorOf(1, command, '--run-dir', folder)).toMatch(
        /there is no model to read at .*model\.safetensors: there is no such file/,
      );
      expect(await errorWithoutRuns(command)).toMatch(NO_RUN);
    }
    writeFileSync(join(folder, 'model.safetensors'), 'not one');
    expect(await errorOf(1, 'sample', '--run-dir', folder)).toMatch(
      /must be a whole model\.safetensors of llm101/,
    );
  });

  it('a config.json that is missing or of another run, a text with other characters', async () => {
    const folder = emptyFolder();
    const [run, text] = ['run', 'text.txt'].map((name) => join(folder, name));
    await succeed('train', '--max-steps', '2', '--val-interval', '0', '--run-dir', run);
    const evaluate = ['evaluate', '--run-dir', run];
    writeFileSync(text, 'zoé\n');
    const message = await errorOf(1, ...evaluate, '--data', text);
    expect(message).toMatch(
      /got 'é' \(U\+00E9\); take it out, or train a model on a text that has/,
    );
    const config = join(run, 'config.json');
    const written = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>;
    for (const [change, expected] of [
      [
        { contextSize: 8 },
        /contextSize is 8 in the one and 16 in the other; measure .* with --data/,
      ],
      [{ model: 'cnn' }, /model is cnn in the one and mlp in the other/],
      [{ alphabet: 'zyxwvutsrqponmlkjihgfedcba' }, /alphabet is zyx.* in the one and abc.* in the/],
      [{ alphabet: 'auto', data: text, dataSha256: undefined, valSize: 0.5 }, /give it more/],
    ] as const) {
      writeFileSync(config, JSON.stringify({ ...written, ...change }));
      expect(await errorOf(1, ...evaluate)).toMatch(expected);
    }
    writeFileSync(text, 'anna\nbob\n');
    writeFileSync(
      config,
      JSON.stringify({ ...written, alphabet: 'auto', data: text, dataSha256: undefined }),
    );
    expect(await errorOf(1, ...evaluate)).toMatch(
      /alphabet is abno in the one and abc.*z in the other/,
    );
    rmSync(config);
    expect(await errorOf(1, ...evaluate)).toMatch(
      /config\.json can't be read: there is no such file or folder; measure the model .* with --data/,
    );
  });

  it('a prompt or a number that cannot be', async () => {
    const run = join(emptyFolder(), 'run');
    await succeed('train', '--max-steps', '2', '--val-interval', '0', '--run-dir', run);
    const sample = ['sample', '--run-dir', run];
    expect(await errorOf(1, ...sample, '--prompt', 'Zoe')).toMatch(
      /^--prompt must be made of characters that the model knows, a.*z; got 'Z' \(U\+005A\) in 'Zoe'; take it out, or train/,
    );
    const file = join(run, 'prompt.txt');
    writeFileSync(file, `${'a'.repeat(5000)}\n${'b'.repeat(5000)}\n`);
    expect(await errorOf(1, ...sample, '--prompt-file', file)).toMatch(
      /^--prompt-file must be .*; got .* in 'a{30} b{30}'; the model knows no line breaks: give one line/,
    );
    expect(await errorOf(2, ...sample, '--end', '')).toMatch(
      /^--end must be a text of at least one character, or none; got ""/,
    );
    expect(await errorOf(1, ...sample, '--prompt', 'anna', '--max-length', '4')).toMatch(
      /^--max-length must be above the 4 tokens of the prompt, which are part of a line; got 4; raise it/,
    );
    expect(await errorOf(2, ...sample, '--temperature', '-1')).toMatch(
      /--temperature must be a number from 0/,
    );
    expect(await errorOf(2, ...sample, '--count', '0')).toMatch(
      /--count must be a whole number of at least 1/,
    );
    expect(await errorOf(2, ...sample, '--top-k', '0')).toMatch(
      /--top-k must be a whole number of at least 1; got 0/,
    );
    expect(await errorOf(2, ...sample, '--top-p', '0')).toMatch(
      /--top-p must be a number above 0, at most 1; got 0/,
    );
  });
});

it('llm101 report: no folder, one without a run, a page that cannot be written', async () => {
  expect(await errorWithoutRuns('report')).toMatch(NO_RUN);
  const folder = emptyFolder();
  expect(await errorOf(1, 'report', folder)).toMatch(/there is no metrics\.jsonl/);
  writeFileSync(join(folder, 'metrics.jsonl'), '');
  const output = join(folder, 'missing', 'page.html');
  expect(await errorOf(1, 'report', folder, '--output', output)).toBe(
    `the report ${output} can't be written: there is no such file or folder; choose another path with --output`,
  );
});

it('llm101 wandb sync: no folder, one without a run, no key, no server', async () => {
  expect(await errorOf(2, 'wandb', 'sync')).toMatch(/missing required argument 'folders'/);
  const folder = emptyFolder();
  expect(await errorOf(1, 'wandb', 'sync', folder)).toMatch(/trained with --log wandb/);
  const run = join(folder, 'run');
  vi.stubEnv('WANDB_API_KEY', '');
  const { stderr } = await succeed(
    ...'train --max-steps 2 --val-interval 0 --log wandb --run-dir'.split(' '),
    run,
  );
  expect(stderr).toContain(`WANDB_API_KEY must be set for a run to be sent; it is kept in ${run}`);
  expect(await errorOf(1, 'wandb', 'sync', run)).toMatch(/WANDB_API_KEY must be set/);
  vi.unstubAllEnvs();
});

it('says which commands there are, and which flag lacks its value', async () => {
  expect(await errorOf(2, 'train', '--seed')).toMatch(/option '--seed <n>' argument missing/);
  expect(await errorOf(2, 'trian')).toMatch(/unknown command 'trian' \(Did you mean train\?\)/);
  const { status, stdout, stderr } = await llm101();
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Usage: llm101 [\s\S]*\n {2}data \[options\][\s\S]*\n$/);
});

it('shows no windows that memory can’t hold', async () => {
  const error = await errorOf(2, 'data', '--context-size', '100000000');
  expect(error).toContain('--context-size must be a whole number from 1 to 1000000; got 100000000');
});
