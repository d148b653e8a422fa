// A run from its first line to its folder: what is written, kept, stopped and found again.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '@llm101/safetensors';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  emptyFolder,
  ended,
  llm101,
  metricsOf,
  RUN_FILES,
  start,
  succeed,
  untimed,
} from './llm101.js';

const SHORT = ['train', '--max-steps', '250', '--val-interval', '100', '--log-interval', '50'];

describe('a run folder', () => {
  it('holds the settings, the metrics and the model', async () => {
    const runDir = join(emptyFolder(), 'deep', 'run');
    const { stdout } = await succeed(...SHORT, '--model', 'cnn', '--run-dir', runDir);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);

    const config = JSON.parse(readFileSync(join(runDir, 'config.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(config).toMatchObject({
      data: 'names',
      model: 'cnn',
      contextSize: 16,
      seed: 101,
      lr: 0.01,
    });
    expect(config['dataSha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(config['versions']).toMatchObject({ node: process.versions.node, tfjs: '4.22.0' });

    const lines = metricsOf(runDir);
    expect(lines.map(({ step }) => step)).toEqual([50, 100, 150, 200, 250]);
    expect(lines.map(({ valLoss }) => valLoss !== undefined)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);

    const { tensors, metadata } = readSafetensors(readFileSync(join(runDir, 'model.safetensors')));
    expect(Object.keys(tensors)).toContain('layers.3.weight');
    expect(metadata['step']).toBe('250');
    expect(stdout).toContain('wasm, SIMD, 1 thread, tfjs 4.22.0\n');
    expect(stdout).toContain('Number of parameters: 27827\n');
    expect(stdout).toMatch(/bits a character {2}\d\.\d{4}\n/);
    expect(stdout.trimEnd().split('\n').slice(-10).join()).toMatch(/^[a-z,]+$/);
  });

  it('holds samples and statistics as they were asked for, and further logs', async () => {
    const runDir = join(emptyFolder(), 'run');
    const flags = ['--sample-interval', '100', '--watch-interval', '100'];
    await succeed(...SHORT, ...flags, '--log', 'csv,tensorboard', '--run-dir', runDir);
    const linesOf = (name: string): { step: number; [key: string]: unknown }[] =>
      readFileSync(join(runDir, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { step: number });
    const samples = linesOf('samples.jsonl');
    expect(samples.map(({ step }) => step)).toEqual([100, 200, 250]);
    expect(samples[2]['texts']).toHaveLength(10);
    const statistics = linesOf('statistics.jsonl');
    expect(statistics.map(({ step }) => step)).toEqual([1, 100, 200, 250]);
    expect(Object.keys(Object(statistics[0]['parameters']))).toContain('linear1.weight');
    expect(readFileSync(join(runDir, 'metrics.csv'), 'utf8').split('\n')).toHaveLength(7);
    expect(readdirSync(join(runDir, 'tensorboard'))).toHaveLength(3); // its events, and its losses
  });

  it('is the same, but for its logs, however much is logged', async () => {
    const folder = emptyFolder();
    const [quiet, chatty] = ['quiet', 'chatty'].map((name) => join(folder, name));
    await succeed(...SHORT, '--watch-interval', '0', '--sample-interval', '0', '--run-dir', quiet);
    const much = ['--watch-interval', '10', '--sample-interval', '50', '--log', 'csv,tensorboard'];
    await succeed(...SHORT, ...much, '--run-dir', chatty);
    expect(untimed(chatty)).toBe(untimed(quiet));
    expect(readdirSync(quiet)).toContain('metrics.jsonl');
    const model = (run: string): Buffer => readFileSync(join(run, 'model.safetensors'));
    expect(model(chatty).equals(model(quiet))).toBe(true);
  });

  it('of an earlier run is moved aside', async () => {
    const runDir = join(emptyFolder(), 'run');
    const seeds = [1, 2, 3];
    for (const seed of seeds) await succeed(...SHORT, '--seed', String(seed), '--run-dir', runDir);
    const seedOf = (path: string): unknown =>
      (JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as { seed: number }).seed;
    expect([`${runDir}.1`, `${runDir}.2`, runDir].map(seedOf)).toEqual(seeds);
  });

  it('repeats a run, by its config.json', async () => {
    const folder = emptyFolder();
    const [first, again, other] = ['first', 'again', 'other'].map((name) => join(folder, name));
    await succeed(...SHORT, '--seed', '7', '--d-hidden', '16', '--reshuffle', '--run-dir', first);
    await succeed('train', '--config', join(first, 'config.json'), '--run-dir', again);
    await succeed(
      'train',
      '--config',
      join(first, 'config.json'),
      '--seed',
      '8',
      '--run-dir',
      other,
    );
    expect(untimed(again)).toBe(untimed(first));
    expect(untimed(other)).not.toBe(untimed(first));
    const model = (run: string): Buffer => readFileSync(join(run, 'model.safetensors'));
    expect(model(again).equals(model(first))).toBe(true);
  });
});

it('stops at Ctrl-C: what was logged is on the disk, the model is saved and can be used', async () => {
  const runDir = join(emptyFolder(), 'run');
  const child = start([
    'train',
    '--max-steps',
    '100000000',
    '--log-interval',
    '10',
    '--run-dir',
    runDir,
  ]);
  const end = ended(child);
  const metrics = join(runDir, 'metrics.jsonl');
  while (!existsSync(metrics) || readFileSync(metrics, 'utf8') === '') {
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  const { status, stdout, stderr } = await end;
  expect(status, stderr).toBe(130);
  const { step } = metricsOf(runDir).at(-1) ?? { step: 0 };
  expect(stdout).toContain(`stopped after step ${step}; the model is saved in ${runDir};`);
  const { metadata } = readSafetensors(readFileSync(join(runDir, 'model.safetensors')));
  expect(metadata['step']).toBe(String(step));
  await succeed('sample', '--run-dir', runDir);
});

describe('a saved model', () => {
  it('is measured and drawn from as at the end of its run', async () => {
    const folder = emptyFolder();
    const runDir = join(folder, 'run');
    const { stdout } = await succeed(...SHORT, '--run-dir', runDir);
    const figures = /examples +[\s\S]*bits a character +\S+\n/.exec(stdout)?.[0] ?? 'none';
    expect((await succeed('evaluate', '--run-dir', runDir)).stdout).toContain(figures);
    const names = stdout.trimEnd().split('\n').slice(-10);
    expect((await succeed('sample', '--run-dir', runDir)).stdout.trimEnd().split('\n')).toEqual(
      names,
    );

    const text = join(folder, 'text.txt');
    writeFileSync(text, 'anna\nbob\n');
    const { stdout: other } = await succeed('evaluate', '--run-dir', runDir, '--data', text);
    expect(other).toMatch(/all of it\nexamples +9\n/);
  });

  it('starts names with the prompt, and draws the same for the same seed', async () => {
    const runDir = join(emptyFolder(), 'run');
    await succeed(...SHORT, '--run-dir', runDir);
    const draw = async (...flags: string[]): Promise<string[]> =>
      (await succeed('sample', '--run-dir', runDir, ...flags)).stdout.trimEnd().split('\n');
    const names = await draw('--prompt', 'ann', '--count', '5', '--seed', '3');
    expect(names).toHaveLength(5);
    expect(names.every((name) => name.startsWith('ann'))).toBe(true);
    expect(await draw('--prompt', 'ann', '--count', '5', '--seed', '3')).toEqual(names);
    expect(await draw('--prompt', 'ann', '--count', '5', '--seed', '4')).not.toEqual(names);
    const many = await draw('--count', '600');
    expect(many).toHaveLength(600);
    expect((await draw('--count', '300')).join()).toBe(many.slice(0, 300).join());
    const likeliest = await draw('--temperature', '0', '--count', '2', '--max-length', '4');
    expect(likeliest).toHaveLength(2);
    for (const narrow of [
      ['--top-k', '1'],
      ['--top-p', '1e-9'],
    ]) {
      expect(await draw(...narrow, '--count', '2', '--max-length', '4')).toEqual(likeliest);
    }
  });
});

it('takes the alphabet from the text, a dot in it included', async () => {
  const folder = emptyFolder();
  const [text, runDir] = [join(folder, 'text.txt'), join(folder, 'run')];
  writeFileSync(text, 'Zoé R.\nÅke\nアンナ\nJosé 🙂\n'.repeat(20));
  const { stdout } = await succeed(
    ...'train --alphabet auto --max-steps 20 --data'.split(' '),
    text,
    '--run-dir',
    runDir,
  );
  expect(stdout).toContain('_______________Z --> o\n');
  await succeed('evaluate', '--run-dir', runDir);
});

it('gives the same bytes twice, but for times', async () => {
  const folder = emptyFolder();
  const [first, second] = ['first', 'second'].map((name) => join(folder, name));
  for (const runDir of [first, second])
    await succeed(...SHORT, '--model', 'cnn', '--run-dir', runDir);
  expect(untimed(first)).toBe(untimed(second));
});

it('gives the same losses compiled and not', async () => {
  const folder = emptyFolder();
  for (const model of ['mlp', 'cnn']) {
    const [compiled, plain] = ['compiled', 'plain'].map((name) => join(folder, `${model}-${name}`));
    await succeed(...SHORT, '--model', model, '--run-dir', compiled);
    await succeed(...SHORT, '--model', model, '--no-compile', '--run-dir', plain);
    const expected = metricsOf(plain);
    for (const [i, line] of metricsOf(compiled).entries()) {
      // float32 with some sums in another order, over 250 steps
      expect(Math.abs(line.trainLoss - expected[i].trainLoss)).toBeLessThan(1e-6);
      expect(Math.abs((line.valLoss ?? 0) - (expected[i].valLoss ?? 0))).toBeLessThan(1e-6);
    }
  }
});

it('changes the learning rate by its schedule, which metrics.jsonl holds', async () => {
  const runDir = join(emptyFolder(), 'run');
  const flags =
    '--optimizer adamw --lr 0.01 --decay-matrices --clip-norm 1 --schedule cosine --warmup-steps 50';
  await succeed(...SHORT, ...flags.split(' '), '--final-lr', '0.001', '--run-dir', runDir);
  const cosine = (n: number): number => 0.001 + (0.009 * (1 + Math.cos((Math.PI * n) / 200))) / 2;
  const rates = metricsOf(runDir).map(({ learningRate }) => learningRate);
  expectClose(rates, [(0.01 * 50) / 51, cosine(49), cosine(99), cosine(149), cosine(199)], {
    relative: 1e-12, // double, in another order
  });
});

it('shows a text and its split', async () => {
  const { stdout } = await succeed('data', '--context-size', '5', '--rows', '2');
  expect(stdout).toContain('loaded 58,955 characters from names\n');
  expect(stdout).toContain('symbols     27: .abcdefghijklmnopqrstuvwxyz\n');
  expect(stdout.trimEnd().split('\n').slice(-2).join()).toMatch(
    /^\.{5} --> [a-z],\.{4}[a-z] --> [a-z]$/,
  );
  const { stdout: list } = await succeed('data', '--list');
  expect(list).toMatch(
    /^names {2,}.*\nmakemore-names .*\nshakespeare .*\ncopy .*\nreverse .*\nsort .*\n/,
  );
});

it('finishes when its reader leaves', async () => {
  const runDir = join(emptyFolder(), 'run');
  const child = start([...SHORT, '--run-dir', runDir]);
  child.stdout.destroy();
  child.stderr.destroy();
  const status = await new Promise((resolve) => child.on('exit', resolve));
  expect(status).toBe(0);
  expect(existsSync(join(runDir, 'model.safetensors'))).toBe(true);
});

it('draws no more names than are read', async () => {
  const runDir = join(emptyFolder(), 'run');
  await succeed(...SHORT, '--run-dir', runDir);
  const child = start(['sample', '--count', '1000000000', '--run-dir', runDir]);
  child.stdout.once('data', () => child.stdout.destroy());
  const status = await new Promise((resolve) => child.on('exit', resolve));
  expect(status).toBe(0);
});

it('helps', async () => {
  for (const name of ['', 'train', 'lr-find', 'evaluate', 'sample', 'verify', 'data', 'report']) {
    const command = name === '' ? [] : [name];
    const { status, stdout } = await llm101(...command, '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: llm101 /);
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  }
});
