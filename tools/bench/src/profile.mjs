#!/usr/bin/env node
/**
 * Where the time of a workload's compiled step goes, by kernel and by its sizes.
 *
 *     npm run bench:profile -w tools/bench -- wavenet [--steps 50] [--relaxed]
 */
import { parseArgs } from 'node:util';
import { formatTable } from './figures.mjs';
import { timeKernels } from './kernel-times.mjs';
import { chooseOne, reportErrors, wholeNumber } from './options.mjs';

reportErrors();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '50' },
    relaxed: { type: 'boolean', default: false },
  },
});
const times = timeKernels(); // before a kernel is loaded
const { Generator } = await import('@llm101/random');
const { stepOf } = await import('@llm101/training');
const { compile, startBackend } = await import('@llm101/wasm');
const { loadTensors, makeOptimizer } = await import('./contestants/tfjs-task.mjs');
const { makeModel } = await import('./models/kinds.mjs');
const { makeBatches, workloads } = await import('./workloads.mjs');
const { BATCHES } = await import('./workload-file.mjs');

const workload = chooseOne(workloads, positionals);
const steps = wholeNumber('steps', values.steps);
await startBackend({ relaxedSimd: true });
const model = makeModel(workload.model, Generator.seeded(101));
const optimizer = makeOptimizer(model, workload.optimizer, workload.model.vocabSize);
const settings = /** @type {const} */ ({ rehearse: 'never', relaxedSimd: values.relaxed });
const step = compile(stepOf(model, optimizer), settings);
const batches = loadTensors(await makeBatches(workload, BATCHES));
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
