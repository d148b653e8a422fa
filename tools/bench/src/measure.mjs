import { contestants, peakCommand, REFERENCE } from './contestants.mjs';
import { ContestantProcess } from './contestant-process.mjs';
import { PEAK_FLOPS } from './contestants/peak.mjs';
import { largestDifference, median } from './figures.mjs';

/** The same work in float32 differs by 7e-6 at most, measured; a learning rate 5 % too high by 7e-4 or more. */
const LARGEST_DIFFERENCE = 1e-4;

/**
 * A contestant that has started.
 *
 * @typedef {object} Entry
 * @property {import('./contestants.mjs').Contestant} contestant
 * @property {ContestantProcess} process
 * @property {import('./contestant-process.mjs').Message} first
 * @property {number[]} rates
 * @property {string} [problem]
 */

/**
 * Measures all contestants on one workload, alternately, so that what else the machine does meets all alike.
 *
 * @param {object} options
 * @param {string} options.file - the workload's
 * @param {readonly string[]} options.pin - put before every command
 * @param {number} options.rounds
 * @param {number} options.seconds
 * @param {(text: string) => void} options.notify - what happens now
 * @returns {Promise<{ results: import('./report.mjs').Result[], peak: { what: string, gflops: number } }>}
 */
export async function measure({ file, pin, rounds, seconds, notify }) {
  const peak = { name: 'peak', isPeer: true, command: peakCommand };
  /** @type {Entry[]} */
  const entries = [];
  try {
    for (const contestant of [peak, ...contestants]) {
      notify(`starting ${contestant.name}`);
      const process = new ContestantProcess([...contestant.command, file], pin);
      entries.push({ contestant, process, first: await process.start(), rates: [] });
    }
    const reference = entries.find(({ contestant }) => contestant.name === REFERENCE);
    for (const entry of entries.slice(1)) check(entry, reference?.first.losses ?? []);
    for (let round = -1; round < rounds; round++) {
      notify(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`);
      for (const entry of entries) await takeTurn(entry, seconds, round < 0);
    }
  } finally {
    for (const { process } of entries) process.close();
  }
  const [{ first, rates }, ...others] = entries;
  return {
    results: others.map(toResult),
    peak: { what: first.what ?? '', gflops: (median(rates) * PEAK_FLOPS) / 1e9 },
  };
}

/**
 * Refuses a contestant that isn't there, or whose losses are others: it does other work.
 *
 * @param {Entry} entry
 * @param {readonly number[]} losses - ours
 */
function check(entry, losses) {
  const { absent, losses: theirs = [] } = entry.first;
  const difference = largestDifference(losses, theirs);
  if (absent !== undefined) entry.problem = absent;
  else if (losses.length === 0) entry.problem = `not compared: '${REFERENCE}' has no losses`;
  else if (difference > LARGEST_DIFFERENCE) {
    entry.problem = `refused: its losses differ from ours by ${difference.toExponential(1)}`;
  }
}

/**
 * @param {Entry} entry
 * @param {number} seconds
 * @param {boolean} isWarmUp
 */
async function takeTurn(entry, seconds, isWarmUp) {
  if (entry.problem !== undefined) return;
  try {
    const rate = await entry.process.run(seconds);
    if (!isWarmUp) entry.rates.push(rate);
  } catch (error) {
    entry.problem = error instanceof Error ? error.message : String(error);
    entry.rates = [];
  }
}

/**
 * @param {Entry} entry
 * @returns {import('./report.mjs').Result}
 */
function toResult({ contestant: { name, isPeer, byBatch = false }, first, rates, problem }) {
  const result = { contestant: name, what: first.what ?? '', isPeer, byBatch, rates };
  return problem === undefined ? result : { ...result, problem };
}
