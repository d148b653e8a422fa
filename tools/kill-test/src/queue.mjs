#!/usr/bin/env node
// Kills workers of a sweep on a queue, its home and Redis at random moments, and compares what comes of it with an undisturbed sweep here.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Generator } from '@llm101/random';
import { startRedis } from '@tools/redis/server';
import { difference, resultOf } from './kill-once.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    restarts: { type: 'string', default: '5' },
    homes: { type: 'string', default: '3' },
    trials: { type: 'string', default: '60' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const [kills, restarts, homes, trials, workerCount] = [
  values.kills,
  values.restarts,
  values.homes,
  values.trials,
  values.workers,
].map(Number);
const generator = Generator.seeded(Number(values.seed));

const bin = fileURLToPath(
  new URL('bin/llm101.js', import.meta.resolve('@llm101/trainer/package.json')),
);
const folder = mkdtempSync(join(tmpdir(), 'llm101-kill-test-'));
const redis = await startRedis();

/** @param {readonly string[]} args */
const start = (args) => {
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: '1', LLM101_QUEUE: '' },
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr = (stderr + String(chunk)).slice(-4000)));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.on('close', (status) => resolve(status)));
  return { child, ended, said: () => stderr };
};

const flags = [
  'sweep',
  '--trials',
  String(trials),
  ...'--vary lr=log:0.01..1 --vary d-hidden=16,24,32 --data names --batch-size 64'.split(' '),
  ...'--max-steps 600 --val-interval 300 --checkpoint-interval 50'.split(' '),
];
/** @param {string} sweepDir */
const resultsOf = (sweepDir) => {
  const file = join(sweepDir, 'results.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => line.replace(/,"durationMs":\d+/, '')).sort();
};

console.log(
  `queue: ${trials} trials, ${workerCount} workers, ${kills} kills of them, ${restarts} of Redis, ${homes} of home, seed ${values.seed}`,
);
const undisturbed = join(folder, 'undisturbed');
const before = performance.now();
const first = start([...flags, '--sweep-dir', undisturbed]);
if ((await first.ended) !== 0) throw new Error(`queue: must succeed; got ${first.said()}`);
console.log(`  undisturbed: ${((performance.now() - before) / 1000).toFixed(0)} s`);

const sweepDir = join(folder, 'queued');
const startWorker = () =>
  start([
    'worker',
    '--queue',
    redis.url,
    ...'--concurrency 1 --lock-seconds 3 --checkpoint-seconds 0.2'.split(' '),
  ]);
const workers = Array.from({ length: workerCount }, startWorker);
const queue = ['--queue', redis.url];
let home = start([...flags, ...queue, '--sweep-dir', sweepDir]);
const began = performance.now();
/** @type {string[]} */
const problems = [];
const done = { workers: 0, redis: 0, home: 0 };
const total = kills + restarts + homes;
for (let kill = 0; kill < total; kill++) {
  // they come as the sweep gets on, so that all of them come before its end, at random moments
  const due = Math.floor((kill / total) * (trials - 2));
  while (resultsOf(sweepDir).length < due && home.child.exitCode === null) await setTimeout(20);
  if (home.child.exitCode !== null) break;
  await setTimeout(generator.nextDouble() * 1500);
  const left = total - kill;
  const chance = generator.nextDouble() * left;
  if (chance < restarts - done.redis) {
    await redis.restart();
    done.redis++;
  } else if (chance < restarts - done.redis + homes - done.home) {
    home.child.kill('SIGKILL');
    await home.ended;
    const isBegun = existsSync(join(sweepDir, 'sweep.json'));
    home = start(
      isBegun
        ? ['sweep', ...queue, '--resume', sweepDir]
        : [...flags, ...queue, '--sweep-dir', sweepDir],
    );
    done.home++;
  } else {
    const which = Math.floor(generator.nextDouble() * workerCount);
    workers[which].child.kill('SIGKILL');
    workers[which] = startWorker();
    done.workers++;
  }
}
const status = await home.ended;
if (status !== 0) problems.push(`home ended with ${status}: ${home.said()}`);
for (const { child } of workers) child.kill('SIGINT');
await Promise.all(workers.map(({ ended }) => ended));
await redis.stop();
const seconds = ((performance.now() - began) / 1000).toFixed(0);

const [expected, got] = [undisturbed, sweepDir].map(resultsOf);
if (expected.length !== trials) problems.push(`undisturbed: ${expected.length} results`);
if (got.length !== trials) problems.push(`${got.length} results in place of ${trials}`);
if (expected.join() !== got.join()) problems.push('results differ');
for (const name of readdirSync(join(undisturbed, 'trials'))) {
  const [one, other] = [undisturbed, sweepDir].map((path) => resultOf(join(path, 'trials', name)));
  const problem = difference(one, other);
  if (problem !== undefined) problems.push(`trial ${name}: ${problem}`);
}
for (const [what, wanted] of /** @type {const} */ ([
  ['workers', kills],
  ['redis', restarts],
  ['home', homes],
])) {
  if (done[what] < wanted) problems.push(`${done[what]} kills of ${what} before the end`);
}
for (const problem of problems) console.log(`  ${problem}`);
console.log(
  `queue: ${got.length} results after ${done.workers} kills of workers, ${done.redis} of Redis, ${done.home} of home, in ${seconds} s; ${problems.length} failures`,
);
if (problems.length === 0) rmSync(folder, { recursive: true });
else console.log(`  see ${folder}`);
process.exitCode = problems.length === 0 ? 0 : 1;
