// A run that has ended and is trained longer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, errorOf, metricsOf, succeed, untimed } from './llm101.js';

const SMALL = '--d-hidden 8 --d-embed 4 --context-size 4 --batch-size 8 --checkpoint-interval 50';
const RUN = `train ${SMALL} --val-interval 40 --log-interval 30 --watch-interval 25 --sample-interval 35`;

const bytes = (runDir: string, name: string): Buffer => readFileSync(join(runDir, name));

describe('llm101 train --resume --max-steps', () => {
  it.each([
    ['a constant rate', '--optimizer adamw --lr 0.01 --warmup-steps 20 --reshuffle'],
    ['steps', '--schedule step --step-size 60 --momentum 0.9'],
  ])('with %s ends as a run of that length, logs and all', async (_, flags) => {
    const folder = emptyFolder();
    const [straight, longer] = ['straight', 'longer'].map((name) => join(folder, name));
    const args = [...RUN.split(' '), ...flags.split(' ')];
    await succeed(...args, '--max-steps', '170', '--run-dir', straight);
    await succeed(...args, '--max-steps', '110', '--run-dir', longer);
    const { stdout } = await succeed('train', '--resume', longer, '--max-steps', '170');
    expect(stdout).toContain(
      'trains to step 170 instead of 110; its weights will be, byte for byte, those of a run of that length\n',
    );
    expect(untimed(longer)).toBe(untimed(straight));
    for (const name of [
      'model.safetensors',
      'samples.jsonl',
      'statistics.jsonl',
      'config.json',
      'fingerprint.json',
    ]) {
      expect(bytes(longer, name).equals(bytes(straight, name)), name).toBe(true);
    }
    expect((await succeed('verify', longer)).stdout).toContain('are equal bit for bit');
    expect(bytes(longer, 'report.html').toString()).toContain('of 170');
  });

  it('may end sooner than was meant, but not before it is', async () => {
    const run = join(emptyFolder(), 'run');
    await succeed(...RUN.split(' '), '--max-steps', '60', '--run-dir', run);
    expect(await errorOf(1, 'train', '--resume', run, '--max-steps', '59', '--quiet')).toContain(
      `${run} has done 60 steps; --max-steps must be at least that; got 59`,
    );
    await succeed('train', '--resume', run, '--max-steps', '90', '--log-interval', '7');
    expect(metricsOf(run).map(({ step }) => step)).toEqual([30, 40, 60, 63, 70, 77, 80, 84, 90]);
    await succeed('train', '--resume', run);
    expect(metricsOf(run).at(-1)?.step).toBe(90);
  });

  it('is refused where the schedule was laid out for all steps, and where a patience would come', async () => {
    const run = join(emptyFolder(), 'run');
    const before = [
      ...RUN.split(' '),
      '--max-steps',
      '50',
      '--schedule',
      'cosine',
      '--run-dir',
      run,
    ];
    await succeed(...before);
    expect(await errorOf(2, 'train', '--resume', run, '--max-steps', '70')).toContain(
      '--max-steps is 50, not 70 (the rates of its cosine schedule are laid out for all steps, from the first on)',
    );
    expect(await errorOf(2, 'train', '--resume', run, '--patience', '3')).toContain(
      '--patience is 0, not 3 (the best weights are kept with a patience alone',
    );
  });

  it('takes a default that is written out for what it is', async () => {
    const run = join(emptyFolder(), 'run');
    await succeed(...RUN.split(' '), '--max-steps', '20', '--run-dir', run);
    const same =
      '--tokenizer characters --weight-decay 0 --optimizer sgd --seed 101 --max-steps 30';
    await succeed('train', '--resume', run, ...same.split(' '));
    expect(metricsOf(run).at(-1)?.step).toBe(30);
    expect((await succeed('verify', run)).stdout).toContain('are equal bit for bit');
  });
});

it('a run that ended by its patience goes on with more of it', async () => {
  const run = join(emptyFolder(), 'run');
  const flags = 'train --max-steps 400 --val-interval 10 --patience 2 --lr 0.5 --momentum 0.9';
  const { stdout } = await succeed(...flags.split(' '), '--run-dir', run);
  const ended = Number(/ended after step (\d+)/.exec(stdout)?.[1]);
  await succeed('train', '--resume', run, '--patience', '1000', '--max-steps', String(ended + 25));
  expect(metricsOf(run).at(-1)?.step).toBe(ended + 25);
});
