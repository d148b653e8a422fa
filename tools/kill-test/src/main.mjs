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
  const { status, stderr, durationMs } = await train([...flags, '--run-dir', runDir]);
  if (status !== 0) throw new Error(`kill-test: ${scenario.name} must succeed; got ${stderr}`);
  const { size } = statSync(join(runDir, 'metrics.jsonl'));
  unbroken.push({ scenario, flags, durationMs, logBytes: size, expected: resultOf(runDir) });
  rmSync(runDir, { recursive: true });
  console.log(`  ${scenario.name}: ${Math.round(durationMs)} ms unbroken`);
}

/** Fraction of the kills that come while a run trains, by how long its log is; the others come at any moment. */
const WHILE_TRAINING = 0.9;
/** At most this much later, so that kills come between lines of the log as well. */
const SPREAD_MS = 30;

let done = 0;
let resumed = 0;
const failures = [];
for (let run = 0; done < kills; run++) {
  const { scenario, flags, durationMs, logBytes, expected } = unbroken[run % unbroken.length];
  const count = Math.min(scenario.kills, kills - done);
  const moments = Array.from({ length: count }, () =>
    generator.nextDouble() < WHILE_TRAINING
      ? { logBytes: generator.nextDouble() * logBytes, thenMs: generator.nextDouble() * SPREAD_MS }
      : { logBytes: 0, thenMs: generator.nextDouble() * durationMs },
  );
  const runDir = join(folder, `run-${run}`);
  const { problem, history } = await killOnce({ flags, runDir, moments, expected });
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
