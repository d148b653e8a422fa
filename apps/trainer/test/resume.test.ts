// Runs that were killed or stopped and are resumed by `--resume`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  emptyFolder,
  ended,
  errorOf,
  llm101,
  metricsOf,
  RUN_FILES,
  start,
  startAfter,
  succeed,
  untimed,
  until,
} from './llm101.js';

const model = (runDir: string): Buffer => readFileSync(join(runDir, 'model.safetensors'));
const checkpointsOf = (runDir: string): string[] => {
  const folder = join(runDir, 'checkpoints');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

/** Starts a run and sends it a signal once it has logged enough lines. */
async function cutShort(signal: NodeJS.Signals, lines: number, ...args: string[]): Promise<void> {
  const runDir = args.at(-1) ?? '';
  const child = start(args);
  const end = ended(child);
  const metrics = join(runDir, 'metrics.jsonl');
  const logged = (): number =>
    existsSync(metrics) ? readFileSync(metrics, 'utf8').split('\n').length - 1 : 0;
  while (child.exitCode === null && logged() < lines) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  child.kill(signal);
  await end;
}

/** Few names, so that a pass has some 30 batches, the last of them smaller. */
function fewNames(): string {
  const path = join(emptyFolder(), 'names.txt');
  const letters = 'abcdefghij';
  const names = Array.from({ length: 160 }, (_, i) =>
    Array.from({ length: 3 + (i % 4) }, (_, j) => letters[(i * (j + 3) + j * j) % 10]).join(''),
  );
  writeFileSync(path, `${names.join('\n')}\n`);
  return path;
}

/** What a run has logged, but for times. */
const logsOf = (runDir: string): string[] => {
  const [samples, statistics, csv] = ['samples.jsonl', 'statistics.jsonl', 'metrics.csv'].map(
    (name) => readFileSync(join(runDir, name), 'utf8'),
  );
  const column = csv.split('\n')[0].split(',').indexOf('stepsPerSecond');
  const rows = csv.split('\n').map((row) => row.split(',').toSpliced(column, 1).join(','));
  return [untimed(runDir), samples, statistics, rows.join('\n')];
};

const SHORT = '--max-steps 1500 --val-interval 100 --log-interval 20 --checkpoint-interval 50';
const runs: [string, NodeJS.Signals, string][] = [
  ['an MLP with SGD', 'SIGKILL', SHORT],
  [
    'an MLP with AdamW, a schedule and new orders',
    'SIGKILL',
    `${SHORT} --optimizer adamw --lr 0.003 --schedule cosine --warmup-steps 100 --clip-norm 1 --reshuffle`,
  ],
  ['a CNN with momentum', 'SIGKILL', `${SHORT} --model cnn --max-steps 700 --momentum 0.9`],
  ['a run that isn’t compiled', 'SIGKILL', `${SHORT} --no-compile --max-steps 300 --reshuffle`],
  ['a run stopped by Ctrl-C', 'SIGINT', `${SHORT} --optimizer adam --max-steps 4000`],
  ['an MLP with schedule-free AdamW', 'SIGINT', `${SHORT} --optimizer schedule-free --lr 0.01`],
  [
    'a GPT with Muon and a mean of its weights',
    'SIGINT',
    `${SHORT} --model gpt --d-embed 16 --layers 1 --heads 2 --optimizer muon --average-weights 0.9 --max-steps 700`,
  ],
  ['a run with patience', 'SIGINT', `${SHORT} --patience 3 --lr 0.5 --momentum 0.9`],
];

describe('llm101 train --resume', () => {
  it.each(runs)('%s ends as the unbroken one', async (_, signal, flags) => {
    const folder = emptyFolder();
    const [straight, broken] = ['straight', 'broken'].map((name) => join(folder, name));
    const logs = '--log csv --sample-interval 70 --watch-interval 90'.split(' ');
    const args = ['train', ...flags.split(' '), ...logs, '--data', fewNames()];
    await succeed(...args, '--run-dir', straight);
    await cutShort(signal, 7, ...args, '--run-dir', broken);
    const { stdout } = await succeed('train', '--resume', broken);
    expect(stdout).toMatch(/resumes after step \d+\n/);
    expect(logsOf(broken)).toEqual(logsOf(straight));
    expect(model(broken).equals(model(straight))).toBe(true);
    const [last] = checkpointsOf(straight).slice(-1);
    const bytes = (runDir: string): Buffer => readFileSync(join(runDir, 'checkpoints', last));
    expect(bytes(broken).equals(bytes(straight))).toBe(true);
  });

  it('has its folder to itself, and releases it', async () => {
    const runDir = join(emptyFolder(), 'run');
    const endless = 'train --max-steps 100000000 --log-interval 10 --run-dir'.split(' ');
    await cutShort('SIGINT', 3, ...endless, runDir);
    const { step: before } = metricsOf(runDir).at(-1) ?? { step: 0 };
    const child = start(['train', '--resume', runDir]);
    const end = ended(child);
    await until(() => (metricsOf(runDir).at(-1)?.step ?? 0) > before, child);
    for (const args of [['--resume'], ['--max-steps', '5', '--run-dir']]) {
      expect(await errorOf(1, 'train', ...args, runDir)).toMatch(/in use by another run/);
    }
    child.kill('SIGINT');
    const { status, stdout } = await end;
    expect(status).toBe(130);
    expect(stdout).toContain(`llm101 train --resume ${runDir} resumes it\n`);
    expect(readdirSync(runDir).sort()).toEqual(RUN_FILES);
  });

  it('leaves a run as it is that has nothing left to do', async () => {
    const runDir = join(emptyFolder(), 'run');
    const flags = `${SHORT} --patience 2 --lr 0.5 --momentum 0.9 --log csv --sample-interval 70`;
    const { stdout } = await succeed('train', ...flags.split(' '), '--run-dir', runDir);
    expect(stdout).toMatch(/validations got no better; ended after step \d+00\n/);
    const before = [...logsOf(runDir), model(runDir)];
    await succeed('train', '--resume', runDir);
    expect([...logsOf(runDir), model(runDir)]).toEqual(before);
  });

  it('takes the checkpoint before one that is damaged, and says so', async () => {
    const runDir = join(emptyFolder(), 'run');
    await succeed('train', ...SHORT.split(' '), '--max-steps', '300', '--run-dir', runDir);
    const expected = model(runDir);
    const [newest] = checkpointsOf(runDir).slice(-1);
    writeFileSync(join(runDir, 'checkpoints', newest), 'damaged');
    const { stdout, stderr } = await succeed('train', '--resume', runDir);
    expect(stderr).toContain(`checkpoint ${newest} can't be used: `);
    expect(stdout).toMatch(/resumes after step 2\d\d\n/);
    expect(model(runDir).equals(expected)).toBe(true);

    for (const name of checkpointsOf(runDir)) {
      writeFileSync(join(runDir, 'checkpoints', name), 'damaged');
    }
    const refused = await llm101('train', '--resume', runDir);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/can't be resumed: there is no checkpoint that can be used/);
    expect(model(runDir).equals(expected)).toBe(true);
  });

  it('refuses other settings, and lists them', async () => {
    const folder = emptyFolder();
    const runDir = join(folder, 'run');
    await succeed('train', ...SHORT.split(' '), '--max-steps', '100', '--run-dir', runDir);
    const before = metricsOf(runDir);
    const byFlags = await llm101(
      'train',
      '--resume',
      runDir,
      '--lr',
      '1',
      '--reshuffle',
      '--seed',
      '101',
    );
    expect(byFlags.status).toBe(2);
    expect(byFlags.stderr).toContain(
      '--reshuffle is false, not true, --lr is 0.01, not 1; leave them out',
    );
    expect(byFlags.stderr).not.toContain('--seed is');

    const path = join(runDir, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...config, momentum: 0.5, maxSteps: 200 }));
    const byFile = await llm101('train', '--resume', runDir);
    expect(byFile.status).toBe(1);
    expect(byFile.stderr).toContain(
      'settings than its checkpoint of step 100 has: momentum is 0, not 0.5;',
    );
    expect(metricsOf(runDir)).toEqual(before);

    writeFileSync(path, JSON.stringify({ ...config, checkpointInterval: 10 }));
    await succeed('train', '--resume', runDir);

    for (const flags of [
      ['--run-dir', runDir],
      ['--config', path],
    ]) {
      const { status, stderr } = await llm101('train', '--resume', runDir, ...flags);
      expect(status).toBe(2);
      expect(stderr).toContain(`'--resume <folder>' cannot be used with option '${flags[0]} `);
    }

    const nowhere = await llm101('train', '--resume', folder);
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toContain('it has no config.json');
  });
});

it('starts again where no checkpoint was written yet, or where even config.json was cut short', async () => {
  const folder = emptyFolder();
  const [straight, broken] = ['straight', 'broken'].map((name) => join(folder, name));
  const args = ['train', ...SHORT.split(' '), '--max-steps', '200', '--run-dir'];
  await succeed(...args, straight);
  await succeed(...args, broken, '--checkpoint-interval', '0', '--max-steps', '200');
  expect(checkpointsOf(broken)).toEqual([]);
  const { stdout } = await succeed('train', '--resume', broken);
  expect(stdout).toContain('resumes after step 0\n');
  expect(untimed(broken)).toBe(untimed(straight));

  const half = emptyFolder();
  writeFileSync(join(half, 'config.json.part'), '{"data": ');
  await succeed(...args, half);
  expect(model(half).equals(model(straight))).toBe(true);
});

it('keeps the checkpoints that were written, and continues, where the next does not fit on the disk', async () => {
  const runDir = join(emptyFolder(), 'run');
  await succeed('train', ...SHORT.split(' '), '--max-steps', '200', '--run-dir', runDir);
  const before = checkpointsOf(runDir);
  const args = [
    'train',
    ...SHORT.split(' '),
    '--max-steps',
    '400',
    '--d-hidden',
    '256',
    '--run-dir',
  ];
  const full = join(emptyFolder(), 'run');
  // No file may be larger than 200 blocks of 512 bytes, which a model of 256 hidden units is, and the logs are not.
  const child = startAfter("trap '' XFSZ; ulimit -f 200", [...args, full]);
  const { status, stderr } = await ended(child);
  expect(stderr.match(/a checkpoint can't be written/g)).toHaveLength(1);
  expect(status).toBe(1); // its model does not fit either
  expect(metricsOf(full).at(-1)?.step).toBe(400);
  expect(checkpointsOf(full)).toEqual([]);
  expect(checkpointsOf(runDir)).toEqual(before);
});

it('with patience saves the best weights even of a run that diverged', async () => {
  const runDir = join(emptyFolder(), 'run');
  const flags =
    '--max-steps 2000 --val-interval 10 --patience 100 --schedule step --step-size 300 --gamma 1e20';
  const { status, stderr } = await llm101('train', ...flags.split(' '), '--run-dir', runDir);
  expect(status).toBe(1);
  const [, step] = /the model of its best validation, step (\d+), is saved/.exec(stderr) ?? [];
  const { stdout } = await succeed('evaluate', '--run-dir', runDir);
  expect(stdout).toContain(`, ${step} steps\n`);
  const best = metricsOf(runDir).find((line) => line.step === Number(step));
  expect(stdout).toContain(`loss              ${best?.valLoss?.toFixed(4)} nats\n`);
});
