#!/usr/bin/env node
/**
 * Training steps on a GPU, ours and others', side by side. Ends in time on any machine, and writes its figures after each workload.
 *
 *     node src/gpu.mjs [--only nanogpt,gpt-10m] [--minutes 9] [--rounds 3] [--seconds 1] [--json figures.json] [--tiny] [--anyway]
 */
import { renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBackend } from '@llm101/wasm';
import { formatJson } from './bench-file.mjs';
import { CORES, GPU_REFERENCE, gpuContestants } from './contestants.mjs';
import { findWay, lookAround, waysToGpu } from './gpu-drivers.mjs';
import { formatGpuRows, makeGpuRows } from './gpu-report.mjs';
import { parseGpuFlags } from './gpu-flags.mjs';
import { check, start, takeTurns } from './measure.mjs';
import { chooseNamed, pinToOneCore, reportErrors, scratchFolder } from './options.mjs';
import { trainingFlops } from './products.mjs';
import { gpuWorkloads, productsOfStep, shapeOf, shrunk, writeStart } from './workloads.mjs';
import { scoresEveryToken } from './models/kinds.mjs';

/** Of the time of a workload, the part that contestants may take to start, all at once: PyTorch compiles for half a minute. */
const STARTING = 0.65;

/** Operations of a step that take wasm some seconds. */
const MOST_ON_WASM = 1e11;

/** A workload isn't begun with fewer seconds left. */
const LEAST_SECONDS = 15;

reportErrors();
const begin = performance.now();
const { only, rounds, seconds, minutes, json, isTiny, isAnyway } = parseGpuFlags(
  process.argv.slice(2),
);
const chosen = chooseNamed(gpuWorkloads, only).map((one) => (isTiny ? shrunk(one) : one));
const scratch = scratchFolder();
const notify = (/** @type {string} */ text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
};

const here = dirname(fileURLToPath(import.meta.url));
const { way, tried } = findWay(waysToGpu(lookAround(here), scratch));
const found = tried.find(({ how }) => how === way?.how);
const adapter = found?.adapter;
if (way === undefined && !isAnyway) {
  for (const { how, problem } of tried) console.log(`${how}: ${problem}`);
  console.log('There is nothing to measure without a GPU; --anyway measures the others.');
  process.exit(0);
}
Object.assign(process.env, way?.variables); // contestants inherit them
const machine = `${cpus()[0]?.model.trim()}, ${CORES} cores, Node ${process.versions.node}`;
console.log(`Training steps on ${adapter ?? 'no GPU'} (${found?.how ?? 'none was found'}).`);
console.log(`${machine}; medians of ${rounds} rounds of ${seconds} s.`);

await startBackend();
const ended = begin + minutes * 60_000;
const date = new Date().toISOString().slice(0, 10);
const about = { date, machine, adapter, tried, rounds, secondsARound: seconds, isTiny };
/** @type {(Pick<import('./workloads.mjs').Workload, 'name' | 'title'> & { flops: number, tokens: number, rows: import('./gpu-report.mjs').GpuRow[] })[]} */
const tables = [];
for (const [i, workload] of chosen.entries()) {
  const share = (ended - performance.now()) / (chosen.length - i); // what one leaves, the others have
  if (share < LEAST_SECONDS * 1000) {
    console.log(`\n${workload.title}: left out, as the time is up`);
    continue;
  }
  const rows = await measureRows(workload, performance.now() + share);
  notify('');
  const { name, title } = workload;
  const { flops, tokens } = workOf(workload);
  console.log(`\n${title}: ${(flops / 1e6).toFixed(1)} MFLOP a step\n`);
  console.log(formatGpuRows(rows));
  tables.push({ name, title, flops, tokens, rows });
  if (json !== undefined) writeWhole(json, `${formatJson({ ...about, tables })}\n`);
}

/** @param {import('./workloads.mjs').Workload} workload */
function workOf(workload) {
  const { batchSize, length } = shapeOf(workload);
  const tokens = batchSize * (scoresEveryToken(workload.model) ? length : 1);
  return { flops: trainingFlops(productsOfStep(workload)), tokens };
}

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {number} until - by the clock of `performance`
 */
async function measureRows(workload, until) {
  const file = join(scratch, `${workload.name}.safetensors`);
  const left = () => (until - performance.now()) / 1000;
  notify(`${workload.name}: writing what all start from`);
  await writeStart(file, workload);
  const isLarge = workOf(workload).flops > MOST_ON_WASM;
  const contestants = gpuContestants({ isLarge, torchDevice: isTiny ? 'auto' : 'cuda' });
  const pin = pinToOneCore();
  const reserved = left() * (1 - STARTING);
  const entries = await startAll(contestants, (one) =>
    start(one, file, { pin, notify, longest: Math.max(1, left() - reserved) }),
  );
  const ours = entries.find(({ contestant }) => contestant.name === GPU_REFERENCE);
  const reference = ours?.first.losses === undefined ? ourOther(entries) : ours;
  for (const entry of entries) check(entry, reference?.first.losses ?? []);
  await takeTurns(entries, { rounds, seconds, notify, left });
  const split =
    ours !== undefined && ours.problem === undefined && left() > seconds
      ? await ours.process.split(seconds, left()).catch(() => undefined)
      : undefined;
  await Promise.all(entries.map(({ process }) => process.end()));
  return makeGpuRows(entries, workOf(workload), split);
}

/**
 * All at once, as a GPU and many cores can do that; a GPU in software one after the other, where each would take too long beside others.
 *
 * @param {readonly import('./contestants.mjs').Contestant[]} contestants
 * @param {(contestant: import('./contestants.mjs').Contestant) => Promise<import('./measure.mjs').Entry>} startOne
 */
async function startAll(contestants, startOne) {
  if (found?.isSoftware !== true) return Promise.all(contestants.map(startOne));
  const entries = [];
  for (const contestant of contestants) entries.push(await startOne(contestant));
  return entries;
}

/**
 * Without ours on the GPU, others are compared with ours on wasm.
 *
 * @param {readonly import('./measure.mjs').Entry[]} entries
 */
function ourOther(entries) {
  return entries.find(({ contestant, first }) => !contestant.isPeer && first.losses !== undefined);
}

/**
 * Never half of it, as the process may be killed.
 *
 * @param {string} path
 * @param {string} text
 */
function writeWhole(path, text) {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}
