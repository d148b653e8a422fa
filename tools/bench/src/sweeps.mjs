#!/usr/bin/env node
// How long 12 short runs take by `llm101 train` one after another, and as a sweep: one after another, two at a time here, and by two workers
// over Redis; and whether they are the same.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRedis } from '@tools/redis/server';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '3000' },
  },
});
const bin = fileURLToPath(
  new URL('bin/llm101.js', import.meta.resolve('@llm101/trainer/package.json')),
);
const folder = mkdtempSync(join(tmpdir(), 'llm101-bench-sweeps-'));
const redis = await startRedis();

/** @param {readonly string[]} args */
const start = (args) => {
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: '1', LLM101_QUEUE: '' },
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise((resolve, reject) =>
    child.on('close', (status) => (status === 0 ? resolve(undefined) : reject(new Error(said)))),
  );
  return { child, ended };
};

const run = `--data names --max-steps ${values.steps} --val-interval ${values.steps} --checkpoint-interval 500`;
const varied = { lr: [0.3, 0.2, 0.1, 0.05], 'd-hidden': [48, 64, 80] };
const sweep = [
  ...`sweep ${run}`.split(' '),
  ...Object.entries(varied).flatMap(([name, all]) => ['--vary', `${name}=${all.join()}`]),
];

/** The same runs by themselves, in folders that are named as the sweep's. */
const trainOneByOne = async () => {
  const trials = mkdtempSync(join(folder, 'runs-'));
  let number = 0;
  const began = performance.now();
  for (const lr of varied.lr) {
    for (const hidden of varied['d-hidden']) {
      const flags = `--lr ${lr} --d-hidden ${hidden} --run-dir`.split(' ');
      const runDir = join(trials, String(number++));
      await start(['train', ...run.split(' '), ...flags, runDir]).ended;
    }
  }
  return { seconds: (performance.now() - began) / 1000, trials };
};

/** @param {string} flags */
const secondsOf = async (flags) => {
  const sweepDir = mkdtempSync(join(folder, 'sweep-'));
  const began = performance.now();
  await start([...sweep, ...flags.split(' '), '--sweep-dir', sweepDir]).ended;
  return { seconds: (performance.now() - began) / 1000, trials: join(sweepDir, 'trials') };
};

/** @param {string} trials */
const contentOf = (trials) =>
  readdirSync(trials)
    .sort()
    .map((trial) => readFileSync(join(trials, trial, 'model.safetensors'), 'latin1'))
    .join('\n');

const ALONE = 'twelve times llm101 train';
const WORKERS = 'a sweep by two workers over Redis';
const ways = {
  'a sweep, one at a time': '--concurrency 1',
  'a sweep, two at a time': '--concurrency 2',
  [WORKERS]: `--queue ${redis.url}`,
};
/** @type {Record<string, number[]>} */
const times = Object.fromEntries([ALONE, ...Object.keys(ways)].map((way) => [way, []]));
const contents = new Set();
for (let round = 0; round < Number(values.rounds); round++) {
  const alone = await trainOneByOne();
  times[ALONE].push(alone.seconds);
  contents.add(contentOf(alone.trials));
  for (const [way, flags] of Object.entries(ways)) {
    const workers =
      way === WORKERS
        ? [0, 1].map(() => start(['worker', '--queue', redis.url, '--concurrency', '1']))
        : [];
    const { seconds, trials } = await secondsOf(flags);
    times[way].push(seconds);
    contents.add(contentOf(trials));
    for (const { child, ended } of workers) {
      child.kill('SIGINT');
      await ended.catch(() => {}); // 130
    }
  }
}
await redis.stop();
rmSync(folder, { recursive: true });
/** @param {readonly number[]} all */
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const alone = median(times[ALONE]);
for (const [way, all] of Object.entries(times)) {
  console.log(`${way}: ${median(all).toFixed(1)} s, ${(median(all) / alone).toFixed(2)}x`);
}
console.log(contents.size === 1 ? 'the same bytes' : `${contents.size} different outcomes`);
process.exitCode = contents.size === 1 ? 0 : 1;
