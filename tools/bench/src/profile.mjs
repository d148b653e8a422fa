#!/usr/bin/env node
/**
 * Where the time of a workload's compiled step goes, by kernel and by its sizes.
 *
 *     npm run bench:profile -w tools/bench -- wavenet [--steps 50] [--relaxed]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from './figures.mjs';
import { timeKernels } from './kernel-times.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '50' },
    relaxed: { type: 'boolean', default: false },
  },
});
const times = timeKernels(); // before a kernel is loaded
const { stepOf } = await import('@llm101/training');
const { compile, startBackend } = await import('@llm101/wasm');
const { makeBatches, workloads } = await import('./workloads.mjs');
const { BATCHES, readWorkload, writeWorkload } = await import('./workload-file.mjs');
const { loadTensors, makeTask } = await import('./contestants/tfjs-task.mjs');

const [name] = positionals;
const workload = workloads.find((candidate) => candidate.name === name);
const steps = Number(values.steps);
if (workload === undefined || !Number.isInteger(steps) || steps < 1) {
  const known = workloads.map((candidate) => candidate.name).join(', ');
  throw new RangeError(`profile: one of ${known}, with --steps from 1 on; got '${name ?? ''}'`);
}
const folder = mkdtempSync(join(tmpdir(), 'llm101-profile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, `${workload.name}.safetensors`);
await startBackend();
const { model: spec, optimizer: rule } = workload;
writeWorkload(file, {
  model: spec,
  optimizer: rule,
  batches: await makeBatches(workload, BATCHES),
});
const start = readWorkload(file);
const { model, optimizer } = makeTask(start);
const settings = /** @type {const} */ ({ rehearse: 'never', relaxedSimd: values.relaxed });
const step = compile(stepOf(model, optimizer), settings);
const batches = loadTensors(start.batches);
const run = (/** @type {number} */ i) => {
  const { inputs, targets } = batches[i % batches.length];
  step.read(inputs, targets);
};
for (let i = 0; i < 10; i++) run(i);
times.clear();
const begin = performance.now();
for (let i = 0; i < steps; i++) run(i);
const total = performance.now() - begin;

console.log(`${workload.title}: ${(total / steps).toFixed(3)} ms a step with clocks in it\n`);
const head = ['kernel', 'sizes', 'calls', 'µs', 'share'];
const rest = total - times.total();
const rows = [
  ...times.rows(),
  { kernel: 'everything else', sizes: 'JavaScript, tfjs', calls: steps, milliseconds: rest },
].map(({ kernel, sizes, calls, milliseconds }) => [
  kernel,
  sizes,
  (calls / steps).toFixed(0),
  ((milliseconds * 1000) / steps).toFixed(1),
  `${((milliseconds / total) * 100).toFixed(1)} %`,
]);
console.log(formatTable(head, rows));
