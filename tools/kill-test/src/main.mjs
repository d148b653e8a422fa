#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { appearance } from './appearance.mjs';
import { Generator } from '@llm101/random';
import { GOES_ON, killOnce } from './kill-once.mjs';
import { resultOf } from './run-result.mjs';
import { train } from './run-command.mjs';
import { scenarios } from './scenarios.mjs';
import { writeData } from './write-data.mjs';

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
  const begins = appearance(join(runDir, 'config.json'));
  const { status, stderr, durationMs } = await train([...flags, '--run-dir', runDir]);
  if (status !== 0) throw new Error(`kill-test: ${scenario.name} must succeed; got ${stderr}`);
  const begunMs = await begins;
  unbroken.push({ scenario, flags, begunMs, durationMs, expected: resultOf(runDir) });
  rmSync(runDir, { recursive: true });
  console.log(
    `  ${scenario.name}: ${Math.round(durationMs)} ms unbroken, training from ${Math.round(begunMs)} ms on`,
  );
}

/** Share of the kills that come after a run has begun to train; the others come at any moment. */
const WHILE_TRAINING = 0.9;

let done = 0;
let resumed = 0;
const failures = [];
for (let run = 0; done < kills; run++) {
  const { scenario, flags, begunMs, durationMs, expected } = unbroken[run % unbroken.length];
  const count = Math.min(scenario.kills, kills - done);
  const momentsMs = Array.from({ length: count }, () => {
    const earliestMs = generator.nextDouble() < WHILE_TRAINING ? begunMs : 0;
    return Math.round(earliestMs + generator.nextDouble() * (durationMs - earliestMs));
  });
  const runDir = join(folder, `run-${run}`);
  const { problem, history } = await killOnce({ flags, runDir, momentsMs, expected });
  done += count;
  if (history.at(-1) === GOES_ON) resumed++;
  if (problem !== undefined) {
    failures.push(runDir);
    console.log(`  ${scenario.name}: ${problem} (${history.join('; ')}; ${runDir})`);
  } else rmSync(runDir, { recursive: true });
  if (run % 10 === 9) console.log(`  ${done} kills, ${failures.length} failures`);
}
console.log(
  `kill-test: ${done} kills; ${resumed} runs went on from a checkpoint; ${failures.length} failures`,
);
if (failures.length === 0) rmSync(folder, { recursive: true });
else process.exitCode = 1;
