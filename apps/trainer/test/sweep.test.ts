// Sweeps in processes on this machine; what they decide is tested in @llm101/sweeps.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResults, type Result } from '@llm101/sweeps';
import { describe, expect, it } from 'vitest';
import { planSweep } from '../src/commands/sweep/plan-sweep.js';
import { spaceOf } from '../src/commands/sweep/vary.js';
import { silentOutput } from '../src/terminal/output.js';
import { emptyFolder, ended, errorOf, llm101, start, succeed, until, untimed } from './llm101.js';

const TEXT = Array.from(
  { length: 60 },
  (_, i) => ['anna', 'bob', 'carla', 'dora', 'emil'][(i * i) % 5],
);
const TINY =
  '--d-hidden 8 --d-embed 4 --context-size 4 --val-interval 10 --max-steps 40 --log-interval 5'.split(
    ' ',
  );

function textIn(folder: string): string {
  const path = join(folder, 'text.txt');
  writeFileSync(path, `${TEXT.join('\n')}\n`);
  return path;
}

const linesOf = (folder: string): string =>
  existsSync(join(folder, 'results.jsonl'))
    ? readFileSync(join(folder, 'results.jsonl'), 'utf8')
    : '';

/** What came of each job but for its time, in the order of jobs. */
const resultsOf = (folder: string): Result[] =>
  parseResults(linesOf(folder))
    .map(({ trial, repetition, until, status, step, value, weightsSha256, error }) => {
      return { trial, repetition, until, status, step, value, weightsSha256, error };
    })
    .sort((a, b) => a.trial - b.trial || a.step - b.step);

describe('llm101 sweep', { timeout: 300_000 }, () => {
  it('gives the same when it is killed and goes on, to the bytes of runs that never paused', async () => {
    const folder = emptyFolder();
    const sweep = [
      'sweep',
      '--data',
      textIn(folder),
      ...TINY,
      '--vary',
      'lr=log:0.01..1',
      '--trials',
      '4',
      '--in-flight',
      '3',
      '--reduction',
      '2',
      '--min-steps',
      '10',
    ];
    const [whole, killed] = ['whole', 'killed'].map((name) => join(folder, name));
    await succeed(...sweep, '--sweep-dir', whole);
    const child = start([...sweep, '--sweep-dir', killed, '--concurrency', '1']);
    const end = ended(child);
    await until(() => linesOf(killed).split('\n').length > 2, child);
    child.kill('SIGKILL');
    await end;
    const before = resultsOf(killed);
    expect(before.length).toBeLessThan(resultsOf(whole).length);
    const { stdout } = await succeed('sweep', '--resume', killed, '--concurrency', '3');
    expect(resultsOf(killed)).toEqual(resultsOf(whole));
    expect(stdout).toContain('best: trial');

    const finished = resultsOf(whole).find(({ status }) => status === 'finished');
    const trial = join(whole, 'trials', String(finished?.trial));
    const { lr } = JSON.parse(readFileSync(join(trial, 'config.json'), 'utf8')) as { lr: number };
    const straight = join(folder, 'straight');
    await succeed(
      'train',
      '--data',
      textIn(folder),
      ...TINY,
      '--lr',
      String(lr),
      '--run-dir',
      straight,
    );
    for (const name of [
      'model.safetensors',
      'samples.jsonl',
      'statistics.jsonl',
      'checkpoints/step-00000040.safetensors',
    ]) {
      expect(readFileSync(join(trial, name)).equals(readFileSync(join(straight, name))), name).toBe(
        true,
      );
    }
    expect(untimed(trial)).toBe(untimed(straight));
  });

  it('tells of a trial that fails, keeps it, and goes on', async () => {
    const folder = emptyFolder();
    const sweepDir = join(folder, 'sweep');
    const args = [
      '--data',
      textIn(folder),
      ...TINY,
      '--vary',
      'lr=1e30,0.1',
      '--sweep-dir',
      sweepDir,
    ];
    const { stdout, stderr } = await succeed('sweep', ...args);
    expect(stderr).toContain('trial 0: lr 1e+30 failed after step');
    expect(stdout).toContain('best: trial 1, lr 0.1: valLoss');
    expect(resultsOf(sweepDir).map(({ status }) => status)).toEqual(['failed', 'finished']);
    expect(existsSync(join(sweepDir, 'trials', '0', 'config.json'))).toBe(true);
    expect(await errorOf(1, 'sweep', ...args)).toContain(
      'holds a sweep already; llm101 sweep --resume',
    );
    const again = await succeed('sweep', '--resume', sweepDir, '--retry-failed');
    expect(again.stderr).toContain('failed after step');
    expect(resultsOf(sweepDir)).toHaveLength(2);
  });

  it('refuses what makes no sweep in a line', async () => {
    expect(await errorOf(2, 'sweep')).toContain('a sweep must vary something');
    expect(await errorOf(2, 'sweep', '--vary', 'lr=1,2', '--max-minutes', '40000')).toContain(
      '--max-minutes must be a number above 0, to 35791; got 40000',
    );
    expect(await errorOf(1, 'sweep', '--resume', join(emptyFolder(), 'none'))).toContain(
      'it has no sweep.json',
    );
    const file = join(emptyFolder(), 'sweep.json');
    writeFileSync(file, '{"space": {"lr": {"choice": [1, "fast"]}}}');
    const { status, stderr } = await llm101('sweep', file);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('space.lr must be values that are each a number above 0'),
    ]);
  });
});

describe('spaceOf', () => {
  it('reads lists, ranges and conditions', () => {
    expect(
      spaceOf([
        'lr=log:0.001..1',
        'd-hidden=64,128',
        'dropout=0..0.5',
        'heads=2,4 if model=gpt,megabyte and optimizer=adamw',
        'nesterov=true,false',
      ]),
    ).toEqual({
      lr: { logUniform: [0.001, 1] },
      dHidden: { choice: [64, 128] },
      dropout: { uniform: [0, 0.5] },
      heads: { choice: [2, 4], when: { model: ['gpt', 'megabyte'], optimizer: 'adamw' } },
      nesterov: { choice: [true, false] },
    });
    expect(spaceOf(['lr=0.1'])).toEqual({ lr: { choice: [0.1] } });
    expect(spaceOf(['dHidden=1e2..1e3'])).toEqual({ dHidden: { uniform: [100, 1000] } });
    expect(spaceOf(['data=../a.txt,b.txt'])).toEqual({ data: { choice: ['../a.txt', 'b.txt'] } });
  });

  it.each(['lr', 'lr=', '=1', 'lr=1 if model', 'lr=1 if model=a if b=c'])(
    'refuses %j',
    (written) => {
      expect(() => spaceOf([written])).toThrow('--vary must be as in --vary lr=0.1,0.01');
    },
  );

  it('refuses a setting that is named twice', () => {
    expect(() => spaceOf(['lr=1', 'lr=2'])).toThrow('got lr twice');
  });
});

describe('planSweep', () => {
  const options = { output: silentOutput(() => {}), signal: new AbortController().signal };

  it('has flags come before the file, and the file before what is set elsewhere', async () => {
    const file = join(emptyFolder(), 'rates.json');
    const settings = { maxSteps: 100, dHidden: 32, preset: 'wavenet' };
    writeFileSync(file, JSON.stringify({ settings, space: { lr: { choice: [1, 2] } }, seeds: 2 }));
    const sources = { flags: { maxSteps: 50 }, environment: { batchSize: 8, dHidden: 16 } };
    const { sweep, name } = await planSweep(file, {
      ...options,
      sources,
      seeds: 3,
      vary: ['momentum=0,0.9'],
    });
    expect(name).toBe('rates');
    expect(sweep.seeds).toBe(3);
    expect(sweep.space).toEqual({ lr: { choice: [1, 2] }, momentum: { choice: [0, 0.9] } });
    expect(sweep.settings).toMatchObject({
      model: 'wavenet',
      maxSteps: 50,
      batchSize: 8,
      dHidden: 16,
    });
    expect(Object.keys(sweep.settings)).not.toContain('preset');
  });

  it('pins its texts, wherever it goes on', async () => {
    const data = textIn(emptyFolder());
    const { sweep } = await planSweep(undefined, {
      ...options,
      sources: { flags: { data } },
      seeds: 2,
    });
    expect(sweep.settings['data']).toBe(data);
    expect(sweep.texts?.[data]).toMatch(/^[0-9a-f]{64}$/);
    const planned = planSweep(undefined, {
      ...options,
      sources: { flags: { data: '-' } },
      seeds: 2,
    });
    await expect(planned).rejects.toThrow(
      '--data must be a file, a folder or the name of a data set; got -',
    );
  });
});
