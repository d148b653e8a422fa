#!/usr/bin/env node
/**
 * What a workload's compiled step takes: the time of its first call, which records it, and of the next, and the most memory that
 * the process has had.
 *
 *     npm run bench:memory -w tools/bench -- gpt-64x64 [--batch 64] [--context 256]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Generator } from '@llm101/random';
import { runOnBatch, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { makeOptimizer, splitBatches } from './contestants/tfjs-task.mjs';
import { makeModel } from './models/kinds.mjs';
import { chooseOne, reportErrors, wholeNumber } from './options.mjs';
import { makeBatches, workloads } from './workloads.mjs';

reportErrors();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { batch: { type: 'string' }, context: { type: 'string' } },
});
const found = chooseOne(workloads, positionals);
const batchSize = wholeNumber('batch', values.batch ?? String(found.batchSize));
const contextSize = wholeNumber('context', values.context ?? String(found.model.contextSize));
const workload = { ...found, model: { ...found.model, contextSize }, batchSize };

await startBackend();
const [batch] = splitBatches(await makeBatches(workload, 1));
const model = makeModel(workload.model, Generator.seeded(101));
const optimizer = makeOptimizer(model, workload.optimizer, workload.model.vocabSize);
const step = compile(stepOf(model, optimizer), { rehearse: 'sometimes' });
const times = [1, 2, 3].map(() => {
  const start = performance.now();
  runOnBatch(step, batch);
  return performance.now() - start;
});
const [first, second, third] = times.map((milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`);
const mebibytes = (/** @type {number} */ bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
console.log(
  [
    `${found.name}, ${batchSize} x ${contextSize}; ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
    `first step   ${first}, then ${second}, ${third}`,
    `arena        ${mebibytes(step.program?.stats.arenaBytes ?? NaN)}`,
    `resident     ${mebibytes(process.resourceUsage().maxRSS * 1024)} at most`,
  ].join('\n'),
);
