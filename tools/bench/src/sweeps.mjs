#!/usr/bin/env node
// How long a sweep of 12 short trials takes one after another, two at a time here, and by two workers over Redis; and whether it is the same.
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

const sweep =
  `sweep --vary lr=0.3,0.2,0.1,0.05 --vary d-hidden=48,64,80 --data names --max-steps ${values.steps} --val-interval ${values.steps} ` +
  '--checkpoint-interval 500';

/** @param {string} flags */
const secondsOf = async (flags) => {
  const sweepDir = mkdtempSync(join(folder, 'sweep-'));
  const began = performance.now();
  await start([...sweep.split(' '), ...flags.split(' '), '--sweep-dir', sweepDir]).ended;
  return { seconds: (performance.now() - began) / 1000, sweepDir };
};

/** @param {string} sweepDir */
const contentOf = (sweepDir) => {
  const lines = readFileSync(join(sweepDir, 'results.jsonl'), 'utf8').trim().split('\n');
  const results = lines.map((line) => line.replace(/,"durationMs":\d+/, '')).sort();
  const weights = readdirSync(join(sweepDir, 'trials')).map((trial) =>
    readFileSync(join(sweepDir, 'trials', trial, 'model.safetensors'), 'latin1'),
  );
  return [...results, ...weights].join('\n');
};

const ways = {
  'one after another': '--concurrency 1',
  'two at a time': '--concurrency 2',
  'two workers': `--queue ${redis.url}`,
};
/** @type {Record<string, number[]>} */
const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
const contents = new Set();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [way, flags] of Object.entries(ways)) {
    const workers =
      way === 'two workers'
        ? [0, 1].map(() => start(['worker', '--queue', redis.url, '--concurrency', '1']))
        : [];
    const { seconds, sweepDir } = await secondsOf(flags);
    times[way].push(seconds);
    contents.add(contentOf(sweepDir));
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
const alone = median(times['one after another']);
for (const [way, all] of Object.entries(times)) {
  console.log(`${way}: ${median(all).toFixed(1)} s, ${(median(all) / alone).toFixed(2)}x`);
}
console.log(contents.size === 1 ? 'the same bytes' : `${contents.size} different outcomes`);
process.exitCode = contents.size === 1 ? 0 : 1;
