import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Generator } from '@llm101/random';
import { jobKey, parseSweep, runSweep } from '@llm101/sweeps';
import { openQueueHome } from '@llm101/sweeps/bullmq';
import { startRedis } from '@tools/redis/server';
import { Redis } from 'ioredis';
import { stubResult } from './stub-trial.mjs';

/**
 * What is simulated.
 *
 * @typedef {object} Simulation
 * @property {number} trials
 * @property {number} workers - in all
 * @property {number} processes - over which they are spread; a kill takes a process
 * @property {number} kills - of processes, at random moments
 * @property {number} restarts - of Redis, by SIGKILL, with its append-only file
 * @property {number} [outstanding] - jobs on the queue at a time. Default: 1000
 * @property {number} [bytes] - of each trial's files. Default: 8192
 * @property {number} [mostMs] - that a trial takes at most. Default: 100
 * @property {number} [seed]
 */

/**
 * What came of it, and what it cost.
 *
 * @typedef {object} Cost
 * @property {number} results
 * @property {number} distinct
 * @property {number} wrong - results that aren't those of home
 * @property {number} seconds
 * @property {number} homeSeconds - of one core
 * @property {number} commands - of Redis, since its last restart
 * @property {number} bytesIn
 * @property {number} bytesOut
 * @property {number} peakBytes - of Redis' memory
 * @property {number} keysLeft - of jobs and results
 * @property {number} resultsCounted - after the last restart, which commands and bytes are for
 */

/**
 * Runs a sweep of stubs on a queue, kills workers and Redis, and counts.
 *
 * @param {Simulation} options
 * @returns {Promise<Cost>}
 */
export async function simulate(options) {
  const { trials, workers, processes, kills, restarts } = options;
  const { outstanding = 1000, bytes = 8192, mostMs = 100, seed = 1 } = options;
  const generator = Generator.seeded(seed);
  const redis = await startRedis({ flags: ['--loglevel', 'warning'] });
  const start = () => {
    const child = fork(
      new URL('worker-process.mjs', import.meta.url),
      [redis.url, String(Math.ceil(workers / processes)), String(bytes), String(mostMs)],
      { execArgv: [] },
    );
    return child;
  };
  const children = Array.from({ length: processes }, start);
  const sweep = parseSweep({
    space: { lr: { logUniform: [0.001, 1] } },
    sampler: 'random',
    trials,
  });
  const home = await openQueueHome({
    url: redis.url,
    sweep: randomUUID(),
    objective: sweep.objective,
    placesOf: () => ({ data: { name: 'names' } }),
    filesOf: () => new Map(),
    keep() {},
  });
  /** @type {import('@llm101/sweeps').Result[]} */
  const recorded = [];
  const values = new Map();
  const began = performance.now();
  const cpu = process.cpuUsage();
  let wrong = 0;
  const ended = new AbortController();
  let counted = 0;
  const disturb = async () => {
    const total = kills + restarts;
    for (let i = 0; i < total; i++) {
      const due = ((i + generator.nextDouble()) / total) * trials;
      while (recorded.length < due && !ended.signal.aborted) await setTimeout(10);
      if (ended.signal.aborted) return;
      if (restarts > 0 && i % Math.ceil(total / restarts) === 0) {
        await redis.restart();
        counted = recorded.length;
      } else {
        const which = Math.floor(generator.nextDouble() * processes);
        children[which].kill('SIGKILL');
        children[which] = start();
      }
    }
  };
  const disturbed = disturb();
  await runSweep(sweep, {
    concurrency: outstanding,
    execute: async (job, context) => {
      values.set(jobKey(job), stubResult(job).value);
      return home.execute(job, context);
    },
    async record(result) {
      recorded.push(result);
      if (result.value !== values.get(jobKey(result))) wrong++;
      await home.acknowledge(result);
    },
  });
  ended.abort();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await disturbed;
  const client = new Redis(redis.url);
  const info = await client.info();
  await home.close();
  const left = (await client.keys('*')).filter((key) => /:job:|:done:/.test(key));
  client.disconnect();
  await Promise.all(children.map((child) => stopped(child)));
  await redis.stop();
  /** @param {string} name */
  const number = (name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    results: recorded.length,
    distinct: new Set(recorded.map(jobKey)).size,
    wrong,
    seconds,
    homeSeconds: (user + system) / 1e6,
    commands: number('total_commands_processed'),
    bytesIn: number('total_net_input_bytes'),
    bytesOut: number('total_net_output_bytes'),
    peakBytes: number('used_memory_peak'),
    keysLeft: left.length,
    resultsCounted: recorded.length - counted,
  };
}

/** @param {import('node:child_process').ChildProcess} child */
function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return ended;
}
