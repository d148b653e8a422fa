#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { simulate } from './simulate.mjs';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '5000,10000,20000' },
    workers: { type: 'string', default: '200' },
    processes: { type: 'string', default: '20' },
    kills: { type: 'string', default: '40' },
    restarts: { type: 'string', default: '2' },
    bytes: { type: 'string', default: '8192' },
    ms: { type: 'string', default: '100' },
    outstanding: { type: 'string', default: '1000' },
  },
});

let failures = 0;
for (const trials of values.trials.split(',').map(Number)) {
  const cost = await simulate({
    trials,
    workers: Number(values.workers),
    processes: Number(values.processes),
    kills: Number(values.kills),
    restarts: Number(values.restarts),
    bytes: Number(values.bytes),
    mostMs: Number(values.ms),
    outstanding: Number(values.outstanding),
  });
  const { results, distinct, wrong, seconds, homeSeconds, resultsCounted, keysLeft } = cost;
  const isRight = results === trials && distinct === trials && wrong === 0 && keysLeft === 0;
  if (!isRight) failures++;
  /** @param {number} n */
  const each = (n) => (n / resultsCounted).toFixed(1);
  console.log(
    [
      `${trials} trials: ${results} results, ${distinct} distinct, ${wrong} wrong, ${keysLeft} keys left`,
      `  ${seconds.toFixed(1)} s, ${((1000 * seconds) / trials).toFixed(2)} ms a trial; home ${((1000 * homeSeconds) / trials).toFixed(2)} ms of a core a trial`,
      `  Redis, a trial: ${each(cost.commands)} commands, ${each(cost.bytesIn)} bytes in, ${each(cost.bytesOut)} out; at most ${(cost.peakBytes / 1e6).toFixed(1)} MB`,
    ].join('\n'),
  );
}
process.exitCode = failures === 0 ? 0 : 1;
