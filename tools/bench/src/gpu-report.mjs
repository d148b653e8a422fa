import { GPU_REFERENCE } from './contestants.mjs';
import { formatTable, median, spread } from './figures.mjs';

/**
 * What a contestant reached, or why it reached nothing.
 *
 * @typedef {object} GpuRow
 * @property {string} contestant
 * @property {string} what - versions, adapter
 * @property {string} [problem]
 * @property {number} [msAStep] - the median of the rounds
 * @property {number} [spread] - of the rounds, (max - min) / median
 * @property {number} [tokensASecond] - those that are predicted
 * @property {number} [gflops] - GFLOP/s
 * @property {number | undefined} [oursIs] - how many times as fast ours is on the GPU
 * @property {import('./serve.mjs').Split | undefined} [split] - of ours
 */

/**
 * @param {readonly import('./measure.mjs').Entry[]} entries
 * @param {object} workload
 * @param {number} workload.flops - of a step
 * @param {number} workload.tokens - of a step
 * @param {import('./serve.mjs').Split} [split] - of ours
 * @returns {GpuRow[]}
 */
export function makeGpuRows(entries, { flops, tokens }, split) {
  const ours = entries.find(({ contestant }) => contestant.name === GPU_REFERENCE);
  const best = ours === undefined || ours.rates.length === 0 ? undefined : median(ours.rates);
  return entries.map(({ contestant, first, rates, problem }) => {
    const row = { contestant: contestant.name, what: first.what ?? '' };
    if (rates.length === 0) return { ...row, problem: problem ?? 'left out, as the time was up' };
    const rate = median(rates);
    return {
      ...row,
      msAStep: 1000 / rate,
      spread: spread(rates),
      tokensASecond: rate * tokens,
      gflops: (rate * flops) / 1e9,
      oursIs: best === undefined ? undefined : best / rate,
      ...(contestant.name === GPU_REFERENCE && { split }),
    };
  });
}

const HEAD = ['', 'ms/step', 'spread', 'tokens/s', 'GFLOP/s', 'ours is'];

/**
 * @param {readonly GpuRow[]} rows
 * @returns {string} the table of a workload, and below it where the time of our step goes
 */
export function formatGpuRows(rows) {
  const cells = rows.map(({ contestant, what, problem, ...figures }) => {
    const { msAStep, spread, tokensASecond, gflops, oursIs } = figures;
    if (msAStep === undefined || tokensASecond === undefined) return [contestant, problem ?? ''];
    return [
      `${contestant} (${what})`,
      milliseconds(msAStep),
      `${Math.round(100 * (spread ?? 0))} %`,
      Math.round(tokensASecond).toLocaleString('en-US'),
      (gflops ?? 0).toPrecision(3),
      oursIs === undefined ? '' : `${oursIs.toPrecision(3)}x`,
    ];
  });
  const split = rows.find((row) => row.split !== undefined)?.split;
  const table = formatTable(HEAD, cells);
  return split === undefined ? table : `${table}\n\n${formatSplit(split)}`;
}

/** @param {import('./serve.mjs').Split} split */
function formatSplit({ encodeMs, queueMs, kernelsMs, waitMs, dispatches }) {
  const kernels =
    kernelsMs === undefined
      ? 'the GPU has no clock'
      : `kernels ${milliseconds(kernelsMs)} by its own clock`;
  return `${GPU_REFERENCE}, a step at a time: encoded in ${milliseconds(encodeMs)} ms, done ${milliseconds(queueMs)} ms later (${kernels}), its loss read ${milliseconds(waitMs)} ms later; ${dispatches} dispatches`;
}

const milliseconds = (/** @type {number} */ value) =>
  value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString('en-US');
