import { formatTable, median, spread } from './figures.mjs';

/**
 * What was measured of one contestant.
 *
 * @typedef {object} Result
 * @property {string} contestant
 * @property {string} what - versions
 * @property {boolean} isPeer - another project's
 * @property {'one' | 'all'} threads
 * @property {boolean} isForQuick - shows what calls, copies and reading losses cost
 * @property {boolean} [isFused] - multiplies and adds in one instruction of relaxed SIMD
 * @property {readonly number[]} rates - steps a second, a figure a round; empty when it didn't run
 * @property {string | undefined} [problem] - why it didn't run
 */

/**
 * The figures of one row. Ratios are undefined where there is nothing to compare with.
 *
 * @typedef {object} Row
 * @property {Result} result
 * @property {number} stepsPerSecond - the median
 * @property {number} spread - (max - min) / median
 * @property {number | undefined} oursIs - how many times as fast our fastest is
 * @property {number | undefined} againstPeer - how many times as fast it is as the fastest peer
 * @property {number} gflops - GFLOP/s
 * @property {number} peakShare - of the peak of its cores, the fused one where it is fused
 */

/**
 * @param {readonly Result[]} results
 * @param {object} scale
 * @param {number} scale.flops - operations of a step
 * @param {import('./measure.mjs').Peak} scale.peak
 * @param {number} scale.cores
 * @returns {Row[]} those that ran
 */
export function makeRows(results, { flops, peak, cores }) {
  const ran = results.filter(({ rates }) => rates.length > 0);
  return ran.map((result) => {
    const likes = ran.filter(({ threads }) => threads === result.threads);
    const ours = fastest(likes.filter(({ isPeer }) => !isPeer));
    const peer = fastest(likes.filter(({ isPeer }) => isPeer));
    const stepsPerSecond = median(result.rates);
    const gflops = (stepsPerSecond * flops) / 1e9;
    const ofOne = (result.isFused === true ? peak.fused : undefined) ?? peak.plain;
    return {
      result,
      stepsPerSecond,
      spread: spread(result.rates),
      oursIs: ours === undefined ? undefined : ours / stepsPerSecond,
      againstPeer: peer === undefined ? undefined : stepsPerSecond / peer,
      gflops,
      peakShare: gflops / (ofOne * (result.threads === 'all' ? cores : 1)),
    };
  });
}

/** @param {readonly Result[]} results */
function fastest(results) {
  const rates = results.map((result) => median(result.rates));
  return rates.length === 0 ? undefined : rates.reduce((a, b) => Math.max(a, b));
}

const HEAD = ['', 'steps/s', 'spread', 'ours is', 'to fastest peer', 'GFLOP/s', 'of peak'];

/**
 * @param {readonly Result[]} results
 * @param {readonly Row[]} rows - of the results that ran
 * @returns {string} the table of a workload
 */
export function formatResults(results, rows) {
  const cells = results.map((result) => {
    const name = `${result.contestant} (${result.what})`;
    const row = rows.find((candidate) => candidate.result === result);
    if (row === undefined) return [result.contestant, result.problem ?? 'did not run'];
    return [
      name,
      formatRate(row.stepsPerSecond),
      percent(row.spread),
      ratio(row.oursIs),
      ratio(row.againstPeer),
      row.gflops.toFixed(row.gflops < 10 ? 2 : 1),
      percent(row.peakShare),
    ];
  });
  return formatTable(HEAD, cells);
}

const percent = (/** @type {number} */ part) => `${(100 * part).toFixed(part < 0.095 ? 1 : 0)} %`;

const ratio = (/** @type {number | undefined} */ times) =>
  times === undefined ? '' : `${times.toFixed(times < 10 ? 2 : 1)}x`;

const formatRate = (/** @type {number} */ rate) =>
  rate < 100 ? rate.toPrecision(3) : Math.round(rate).toLocaleString('en-US');

/**
 * @param {import('./measure.mjs').Peak} peak
 * @returns {string}
 */
export function formatPeak({ plain, fused }) {
  const text = `peak of a core ${plain.toFixed(1)} GFLOP/s, 128-bit multiply and add in WebAssembly`;
  return fused === undefined ? text : `${text}; fused ${fused.toFixed(1)}`;
}
