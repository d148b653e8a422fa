import { CORES, peaks, REFERENCE } from './contestants.mjs';
import { ContestantProcess } from './contestant-process.mjs';
import { PEAK_FLOPS } from './contestants/peak.mjs';
import { largestDifference, median } from './figures.mjs';

/** The same work in float32 differs by 7e-6 at most, measured; a learning rate 5 % too high by 7e-4 or more. */
const LARGEST_DIFFERENCE = 1e-4;

/** Who is slow has at least as many losses to compare. */
const LEAST_LOSSES = 3;

/**
 * A contestant that has started.
 *
 * @typedef {object} Entry
 * @property {import('./contestants.mjs').Contestant} contestant
 * @property {ContestantProcess} process
 * @property {import('./contestant-process.mjs').Message} first
 * @property {number[]} rates
 * @property {number} spent - seconds that its turns have taken
 * @property {string | undefined} [problem]
 */

/**
 * @typedef {object} MeasureOptions
 * @property {string} file - the workload's
 * @property {readonly string[]} pin - put before the commands of one thread
 * @property {number} rounds
 * @property {number} seconds - of a round of one contestant
 * @property {(text: string) => void} notify - what happens now
 */

/**
 * What a core can do in WebAssembly, in GFLOP/s: multiplying and adding, and where Node has it both in one.
 *
 * @typedef {{ plain: number, fused: number | undefined }} Peak
 */

/**
 * Measures contestants on one workload, alternately, so that what else the machine does meets all alike. Who takes longer
 * than a second for a step has fewer rounds.
 *
 * @param {readonly import('./contestants.mjs').Contestant[]} contestants
 * @param {MeasureOptions} options
 * @returns {Promise<{ results: import('./report.mjs').Result[], peak: Peak }>}
 */
export async function measure(contestants, { file, ...options }) {
  /** @type {Entry[]} */
  const entries = [];
  try {
    for (const contestant of [...peaks, ...contestants]) {
      entries.push(await start(contestant, file, options));
    }
    const reference = entries.find(({ contestant }) => contestant.name === REFERENCE);
    for (const entry of entries.slice(peaks.length)) check(entry, reference?.first.losses ?? []);
    await takeTurns(entries, options);
  } finally {
    close(entries);
  }
  const [plain, fused, ...others] = entries;
  return {
    results: others.map(toResult),
    peak: { plain: peakOf(plain) ?? NaN, fused: peakOf(fused) },
  };
}

/**
 * @param {import('./contestants.mjs').Contestant} contestant
 * @param {string} file - the workload's
 * @param {Pick<MeasureOptions, 'pin' | 'notify'> & { longest?: number }} options - in seconds, after which it is ended
 * @returns {Promise<Entry>}
 */
export async function start(contestant, file, { pin, notify, longest }) {
  notify(`starting ${contestant.name}`);
  const process = new ContestantProcess([...contestant.command, file], {
    pin,
    threads: contestant.threads === 'one' ? 1 : CORES,
  });
  const first = await process.start(longest);
  return { contestant, process, first, rates: [], spent: 0, problem: first.absent };
}

/**
 * Runs all, a round each, as often as there are rounds, after one to warm up.
 *
 * @param {readonly Entry[]} entries
 * @param {Pick<MeasureOptions, 'rounds' | 'seconds' | 'notify'> & { left?: () => number }} options - the seconds that are left; default:
 * no end
 */
export async function takeTurns(entries, { rounds, seconds, notify, left }) {
  for (let round = -1; round < rounds; round++) {
    notify(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`);
    for (const entry of entries) {
      const isSpent = entry.rates.length > 0 && entry.spent > rounds + 1; // seconds
      if (left !== undefined && left() <= seconds) return;
      if (!isSpent) await takeTurn(entry, { seconds, longest: left?.(), isWarmUp: round < 0 });
    }
  }
}

/** @param {readonly Entry[]} entries */
export function close(entries) {
  for (const { process } of entries) process.close();
}

/**
 * @param {Entry} entry - of the peak
 * @returns {number | undefined} GFLOP/s
 */
export function peakOf({ rates }) {
  return rates.length === 0 ? undefined : (median(rates) * PEAK_FLOPS) / 1e9;
}

/**
 * Refuses a contestant that isn't there, or whose losses are others: it does other work.
 *
 * @param {Entry} entry
 * @param {readonly number[]} losses - ours
 * @returns {number} how far they are apart at most, of those steps that both have
 */
export function check(entry, losses) {
  const { absent, losses: theirs = [] } = entry.first;
  const compared = Math.min(losses.length, theirs.length);
  const difference = largestDifference(losses.slice(0, compared), theirs.slice(0, compared));
  if (absent !== undefined) return difference;
  if (losses.length === 0) entry.problem = 'not compared: ours has no losses';
  else if (compared < LEAST_LOSSES) entry.problem = 'refused: it has no losses to compare';
  else if (difference > LARGEST_DIFFERENCE) {
    entry.problem = `refused: its losses differ from ours by ${difference.toExponential(1)}`;
  }
  return difference;
}

/**
 * @param {Entry} entry
 * @param {{ seconds: number, longest: number | undefined, isWarmUp: boolean }} options
 */
async function takeTurn(entry, { seconds, longest, isWarmUp }) {
  if (entry.problem !== undefined) return;
  try {
    const turn = await entry.process.run(seconds, longest);
    entry.spent += turn.seconds;
    if (!isWarmUp) entry.rates.push(turn.steps / turn.seconds);
  } catch (error) {
    entry.problem = error instanceof Error ? error.message : String(error);
    entry.rates = [];
  }
}

/**
 * @param {Entry} entry
 * @returns {import('./report.mjs').Result}
 */
function toResult({ contestant, first, rates, problem }) {
  const { name, isPeer, threads, isFused = false, isForQuick = false } = contestant;
  const kind = { contestant: name, what: first.what ?? '', isPeer, threads, isFused, isForQuick };
  return problem === undefined ? { ...kind, rates } : { ...kind, rates, problem };
}
