#!/usr/bin/env node
/**
 * How many times as fast this checkout makes its steps on one thread as another one, built too; or, without another, on all
 * threads as on one. Both start from the same parameters and batches, their losses must agree, and they run in turns; the ratio
 * is the median of those of the rounds.
 *
 *     node src/compare.mjs [--other <checkout>] [--only gpt-64x64,nanogpt] [--relaxed] [--rounds 5] [--seconds 1]
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '@llm101/wasm';
import { CORES, javaScript, otherCheckout } from './contestants.mjs';
import { formatTable, median } from './figures.mjs';
import { check, close, start, takeTurns } from './measure.mjs';
import { chooseNamed, parseFlags, pinToOneCore, reportErrors, scratchFolder } from './options.mjs';
import { workloads, writeStart } from './workloads.mjs';

reportErrors();
const { only, rounds, seconds, other, isRelaxed } = parseFlags(process.argv.slice(2));
const [module, onThreads] = isRelaxed
  ? ['llm101-relaxed', 'llm101-threads-relaxed']
  : ['llm101', 'llm101-threads'];
const [one, all] = /** @type {const} */ (['one', 'all']);
const here = { name: 'one thread', isPeer: false, command: javaScript(module), threads: one };
/** @type {readonly import('./contestants.mjs').Contestant[]} */
const contestants =
  other === undefined
    ? [{ ...here, name: `${CORES} threads`, command: javaScript(onThreads), threads: all }, here]
    : [
        { ...here, name: 'this checkout' },
        { ...here, name: 'the other', command: otherCheckout(other, module) },
      ];

await startBackend();
const scratch = scratchFolder();
const options = { pin: pinToOneCore(), rounds, seconds, notify: () => {} };
const rows = [];
for (const workload of chooseNamed(workloads, only)) {
  const file = join(scratch, `${workload.name}.safetensors`);
  await writeStart(file, workload);
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
  const entries = [];
  try {
    for (const contestant of contestants) entries.push(await start(contestant, file, options));
    const [ours, theirs] = entries;
    const difference = check(theirs, ours.first.losses ?? []);
    await takeTurns(entries, options);
    const failed = entries.find(({ problem }) => problem !== undefined);
    if (failed !== undefined)
      throw new Error(`bench: ${failed.contestant.name}: ${failed.problem}`);
    const count = Math.min(ours.rates.length, theirs.rates.length); // who is slow has fewer rounds
    const ratios = Array.from({ length: count }, (_, i) => ours.rates[i] / theirs.rates[i]);
    const [least, most] = [Math.min, Math.max].map((of) => ratios.reduce((a, b) => of(a, b)));
    const speeds = entries.map(({ rates }) => median(rates).toPrecision(4));
    const shown = [median(ratios), least, most].map((ratio) => ratio.toFixed(3));
    return [...speeds, ...shown, difference.toExponential(1)];
  } finally {
    close(entries);
  }
}
