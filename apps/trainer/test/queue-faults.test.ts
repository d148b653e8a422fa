import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveSettings } from '@llm101/runs';
import type { QueuedJob } from '@llm101/sweeps/bullmq';
import type { ProcessPool } from '@llm101/sweeps/node';
import { lockFolder } from '@llm101/training/node';
import { describe, expect, it } from 'vitest';
import { JobFiles } from '../src/commands/worker/files.js';
import { ownFolder } from '../src/commands/worker/own-folder.js';
import { trialWork } from '../src/commands/worker/work.js';
import { withPlaces } from '../src/run-folder/places-in-errors.js';
import { readRunFiles, writeRunFiles } from '../src/run-folder/travelling-files.js';
import type { TrialWork } from '../src/commands/train/run-trial.js';
import { emptyFolder, errorOf } from './llm101.js';

const job: QueuedJob = {
  trial: 3,
  repetition: 0,
  until: undefined,
  objective: 'valLoss',
  settings: { lr: 9 },
  files: { data: { sha256: '98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4' } },
};

describe('a trial that fails at a worker before it has a checkpoint', () => {
  it('keeps its log at home, and an error that names the files there', async () => {
    const folder = emptyFolder();
    const pool: ProcessPool = {
      run<Answer>(work: object) {
        const { runDir, settings } = work as TrialWork;
        mkdirSync(runDir);
        for (const name of ['config.json', 'metrics.jsonl', 'report.html']) {
          writeFileSync(join(runDir, name), '{}');
        }
        const error = `${settings.data} is odd; ${runDir}/metrics.jsonl has why; ${folder}/x`;
        return Promise.resolve({ status: 'failed', step: 2, error } as Answer);
      },
      close() {},
    };
    const work = trialWork({
      folder,
      files: new JobFiles({ texts: undefined, shared: undefined, kept: join(folder, 'texts') }),
      pool,
      threads: 1,
      saveMs: 1000,
      onProgress() {},
      warn() {},
    });
    const { signal } = new AbortController();
    const text = () => Promise.resolve(Buffer.from('hi\n'));
    const done = await work(job, { signal, files: new Map(), save: () => Promise.resolve(), text });
    const { error = '' } = done?.result ?? {};
    expect(error).toBe('{data} is odd; {run}/metrics.jsonl has why; x');
    const settings = resolveSettings({ flags: { data: 'own.txt' } });
    const run = join(folder, 'sweep', 'trials', '3');
    expect(withPlaces(error, { run, settings })).toBe(
      `own.txt is odd; ${run}/metrics.jsonl has why; x`,
    );
    writeRunFiles(run, done?.files ?? new Map(), settings);
    expect(readdirSync(run).toSorted()).toEqual(['config.json', 'metrics.jsonl']);
    // which nothing can go on from
    expect(readRunFiles(run).size).toBe(0);
  });

  it('says nothing of the folder of a worker that hasn’t its text', async () => {
    const folder = emptyFolder();
    const files = new JobFiles({ texts: undefined, shared: folder, kept: join(folder, 'texts') });
    const place = { ...job, files: { data: { shared: 'a/b.txt' } } };
    await expect(files.settingsOf(place, () => Promise.resolve(undefined))).rejects.toThrow(
      /^a\/b\.txt must be in the folder of --shared; /,
    );
  });
});

/** What a lock of this process says. */
function ownerOf(within: string): object {
  const folder = join(within, 'own');
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder);
  const owner = JSON.parse(readFileSync(join(folder, 'run.lock'), 'utf8')) as object;
  lock.release();
  return owner;
}

describe('the folder of a worker', () => {
  it('outlives others that start, and goes when its worker was killed', () => {
    const within = emptyFolder();
    const own = ownFolder(within);
    const put = (name: string, owner: object): string => {
      const path = join(within, `llm101-worker-${name}`);
      mkdirSync(path);
      writeFileSync(join(path, 'run.lock'), `${JSON.stringify(owner)}\n`);
      return path;
    };
    const dead = put('dead', { ...ownerOf(within), pid: 2 ** 22 + 1 });
    const container = put('there', { ...ownerOf(within), pid: 2 ** 22 + 1, host: 'elsewhere' });
    const begun = join(within, 'llm101-worker-begun');
    mkdirSync(begun);
    ownFolder(within).remove();
    expect([dead, container, begun, own.path].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    own.remove();
    expect(existsSync(own.path)).toBe(false);
  });
});

it('a worker takes no time that a timer or Redis can’t', async () => {
  const queue = ['worker', '--queue', 'redis://127.0.0.1:1'];
  for (const flag of ['--lock-seconds', '--checkpoint-seconds']) {
    expect(await errorOf(2, ...queue, flag, '1e7')).toMatch(
      new RegExp(`^${flag} must be a number from 0.1 to 86400; got 10000000`),
    );
  }
});
