#!/usr/bin/env node
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Generator } from '@llm101/random';
import { RESUMED, killOnce, resultOf, train } from './kill-once.mjs';
import { scenarios, writeData } from './scenarios.mjs';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(values.kills);
const generator = Generator.seeded(Number(values.seed));

const folder = mkdtempSync(join(tmpdir(), 'llm101-kill-test-'));
const data = join(folder, 'names.txt');
writeData(data, generator);
console.log(`kill-test: ${kills} kills, seed ${values.seed}`);

const unbroken = [];
for (const scenario of scenarios) {
  const flags = [...scenario.flags, '--data', data];
  const runDir = join(folder, 'unbroken');
  const { status, stderr, durationMs } = await train([...flags, '--run-dir', runDir], {
    killAtWrite: 0,
  });
  if (status !== 0) throw new Error(`kill-test: ${scenario.name} must succeed; got ${stderr}`);
  const { size } = statSync(join(runDir, 'metrics.jsonl'));
  const writes = Number(/(\d+) calls change files/.exec(stderr)?.[1]);
  const expected = resultOf(runDir);
  unbroken.push({ scenario, flags, durationMs, logBytes: size, writes, expected });
  rmSync(runDir, { recursive: true });
  console.log(`  ${scenario.name}: ${Math.round(durationMs)} ms unbroken, ${writes} writes`);
}

/** Fraction of the kills that come within a write, and of those that come while a run trains, by how long its log is. */
const WITHIN_WRITES = 0.4;
const WHILE_TRAINING = 0.5;
/** Fraction of the runs whose newest checkpoint is damaged after the kill. */
const DAMAGED = 0.25;
/** At most this much later, so that kills come between lines of the log as well. */
const SPREAD_MS = 30;

let done = 0;
let resumed = 0;
const failures = [];
for (let run = 0; done < kills; run++) {
  const { scenario, flags, durationMs, logBytes, writes, expected } =
    unbroken[run % unbroken.length];
  const count = Math.min(scenario.kills, kills - done);
  const moments = Array.from({ length: count }, () => {
    const kind = generator.nextDouble();
    if (kind < WITHIN_WRITES) return { write: 1 + Math.floor(generator.nextDouble() * writes) };
    return kind < WITHIN_WRITES + WHILE_TRAINING
      ? { logBytes: generator.nextDouble() * logBytes, thenMs: generator.nextDouble() * SPREAD_MS }
      : { logBytes: 0, thenMs: generator.nextDouble() * durationMs };
  });
  const damage =
    generator.nextDouble() < DAMAGED
      ? { zeros: generator.nextDouble() < 0.5, kept: generator.nextDouble() }
      : undefined;
  const runDir = join(folder, `run-${run}`);
  const { problem, history } = await killOnce({
    flags,
    runDir,
    moments,
    expected,
    ...(damage && { damage }),
  });
  done += count;
  if (history.at(-1) === RESUMED) resumed++;
  if (problem !== undefined) {
    failures.push(runDir);
    console.log(`  ${scenario.name}: ${problem} (${history.join('; ')}; ${runDir})`);
  } else rmSync(runDir, { recursive: true });
  if (run % 10 === 9) console.log(`  ${done} kills, ${failures.length} failures`);
}
console.log(
  `kill-test: ${done} kills; ${resumed} runs resumed from a checkpoint; ${failures.length} failures`,
);
if (failures.length === 0) rmSync(folder, { recursive: true });
else process.exitCode = 1;
