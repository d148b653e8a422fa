#!/usr/bin/env node
/**
 * How many times as fast this checkout makes its steps on one thread as another one, built too; or, without another, on all
 * threads as on one. Both start from the same parameters and batches, their losses must agree, and they run in turns; the ratio
 * is the median of those of the rounds.
 *
 *     node src/compare.mjs [--other <checkout>] [--only gpt-64x64,nanogpt] [--relaxed] [--rounds 5] [--seconds 1]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '@llm101/wasm';
import { ContestantProcess } from './contestant-process.mjs';
import { CORES, javaScript, otherCheckout } from './contestants.mjs';
import { formatTable, largestDifference, median } from './figures.mjs';
import { chooseNamed, parseFlags, pinToOneCore, reportErrors } from './options.mjs';
import { BATCHES, writeWorkload } from './workload-file.mjs';
import { makeBatches, workloads } from './workloads.mjs';

/** Sums may be in another order. */
const LARGEST_DIFFERENCE = 1e-4;

reportErrors();
const { only, rounds, seconds, other, isRelaxed } = parseFlags(process.argv.slice(2));
const [module, onThreads] = isRelaxed
  ? ['llm101-relaxed', 'llm101-threads-relaxed']
  : ['llm101', 'llm101-threads'];
const here = { name: 'one thread', command: javaScript(module), threads: 1 };
const contestants =
  other === undefined
    ? [{ name: `${CORES} threads`, command: javaScript(onThreads), threads: CORES }, here]
    : [
        { ...here, name: 'this checkout' },
        { name: 'the other', command: otherCheckout(other, module), threads: 1 },
      ];
const scratch = mkdtempSync(join(tmpdir(), 'llm101-compare-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

await startBackend();
const pin = pinToOneCore();
const rows = [];
for (const workload of chooseNamed(workloads, only)) {
  const file = join(scratch, `${workload.name}.safetensors`);
  const { model, optimizer } = workload;
  writeWorkload(file, { model, optimizer, batches: await makeBatches(workload, BATCHES) });
  rows.push([workload.name, ...(await compare(file))]);
}
const names = contestants.map(({ name }) => name);
const head = ['steps/s', ...names, 'ratio', 'least', 'most', 'losses differ'];
const processor = cpus()[0]?.model.trim();
console.log(`${processor}, Node ${process.versions.node}${isRelaxed ? ', relaxed SIMD' : ''}`);
console.log(formatTable(head, rows));

/**
 * @param {string} file
 * @returns {Promise<string[]>} the cells of its row
 */
async function compare(file) {
  const sides = contestants.map(({ command, threads }) => ({
    process: new ContestantProcess([...command, file], { pin, threads }),
    rates: /** @type {number[]} */ ([]),
  }));
  try {
    const losses = [];
    for (const { process } of sides) losses.push(lossesOf(await process.start()));
    const count = Math.min(losses[0].length, losses[1].length);
    const difference = largestDifference(losses[0].slice(0, count), losses[1].slice(0, count));
    if (difference > LARGEST_DIFFERENCE) {
      throw new Error(`bench: losses must be the same; they differ by ${difference}`);
    }
    for (let round = -1; round < rounds; round++) {
      for (const { process, rates } of sides) {
        const turn = await process.run(seconds);
        if (round >= 0) rates.push(turn.steps / turn.seconds);
      }
    }
    const [ours, theirs] = sides.map(({ rates }) => rates);
    const ratios = ours.map((rate, i) => rate / theirs[i]).toSorted((a, b) => a - b);
    const speeds = [ours, theirs].map((rates) => median(rates).toPrecision(4));
    const shown = [median(ratios), ratios[0], ratios[ratios.length - 1]];
    return [...speeds, ...shown.map((ratio) => ratio.toFixed(3)), difference.toExponential(1)];
  } finally {
    for (const { process } of sides) process.close();
  }
}

/** @param {import('./contestant-process.mjs').Message} first */
function lossesOf({ absent, losses = [] }) {
  if (absent !== undefined) throw new Error(`bench: ${absent}`);
  return losses;
}
