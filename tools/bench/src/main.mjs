#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBackend } from '@llm101/wasm';
import { benchFigures, formatJson } from './bench-file.mjs';
import { chooseNamed, parseFlags, pinToOneCore, reportErrors, scratchFolder } from './options.mjs';
import { curves, formatCurve, measureCurve } from './curves.mjs';
import { formatKernels, measureKernels, otherProducts, withoutAttention } from './kernels.mjs';
import { contestantsFor, CORES } from './contestants.mjs';
import { trainingFlops } from './products.mjs';
import { measure } from './measure.mjs';
import { formatPeak, formatResults, makeRows } from './report.mjs';
import { productsOfStep, workloads, writeStart } from './workloads.mjs';

/** The parts beside the workloads. */
const [PRODUCTS, SAMPLING] = ['products', 'sampling'];

reportErrors();
const scratch = scratchFolder();
const { only, rounds, seconds, json } = parseFlags(process.argv.slice(2));
const everything = [...workloads, ...curves, { name: PRODUCTS }, { name: SAMPLING }];
const asked = new Set(chooseNamed(everything, only).map(({ name }) => name));
const chosen = workloads.filter(({ name }) => asked.has(name));
const pin = pinToOneCore();
const notify = (/** @type {string} */ text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
};

await startBackend();
const machine = `${cpus()[0]?.model.trim()}, ${CORES} cores, Node ${process.versions.node}`;
const core = pin.length > 0 ? `core ${pin.at(-1)} (${pin[0]})` : 'not pinned: no taskset';
console.log(`Training steps a second. ${machine}; one thread on ${core}, all threads free;`);
console.log(
  `medians of ${rounds} interleaved rounds of ${seconds} s; spread is (max - min) / median.`,
);

const tables = [];
for (const workload of chosen) {
  const file = join(scratch, `${workload.name}.safetensors`);
  await writeStart(file, workload);
  const contestants = contestantsFor(workload);
  const { results, peak } = await measure(contestants, { file, pin, rounds, seconds, notify });
  notify('');
  const flops = trainingFlops(productsOfStep(workload));
  const rows = makeRows(results, { flops, peak, cores: CORES });
  const { title } = workload;
  console.log(`\n${title}: ${(flops / 1e6).toFixed(1)} MFLOP a step`);
  console.log(`${formatPeak(peak)}\n`);
  console.log(formatResults(results, rows));
  tables.push({ title, results, rows });
}
const measured = [];
for (const curve of curves.filter(({ name }) => asked.has(name))) {
  const options = { scratch, pin, rounds, seconds, notify };
  const figures = await measureCurve(curve, options);
  notify('');
  console.log(`\n${curve.title}\n${formatPeak(figures.peak)}\n`);
  console.log(formatCurve(figures));
  measured.push(figures);
}
const products = asked.has(PRODUCTS) ? runProducts() : [];
if (asked.has(SAMPLING)) runSampling();
if (json !== undefined) {
  const date = new Date().toISOString().slice(0, 10);
  const about = { date, machine, cores: CORES, rounds, secondsARound: seconds };
  const figures = benchFigures(about, { tables, curves: measured, products });
  writeFileSync(json, `${formatJson(figures)}\n`);
}

/** Of the workloads that were chosen, of all where none was, and others. */
function runProducts() {
  notify('matrix products');
  const multiplying = (chosen.length > 0 ? chosen : workloads).map((workload) => ({
    name: workload.name,
    products: withoutAttention(productsOfStep(workload)),
  }));
  const rows = measureKernels([...otherProducts, ...multiplying], { pin, rounds });
  notify('');
  console.log('\nMatrix products, each as often as it takes in a compiled step.\n');
  console.log(formatKernels(rows));
  return rows;
}

/** Runs the other benchmark in a process on the same core, which prints its table. */
function runSampling() {
  const script = fileURLToPath(new URL('sampling.mjs', import.meta.url));
  const flags = ['--rounds', String(rounds), '--seconds', String(seconds)];
  const [command, ...args] = [...pin, process.execPath, script, ...flags];
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`bench: ${script} must end well; its status is ${status}`);
}
