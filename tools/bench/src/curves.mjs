import { join } from 'node:path';
import { javaScript, peaks, REFERENCE } from './contestants.mjs';
import { formatTable, median } from './figures.mjs';
import { close, peakOf, start, takeTurns } from './measure.mjs';
import { trainingFlops } from './products.mjs';
import { gptWorkload, productsOfStep, shapeOf, writeStart } from './workloads.mjs';

/**
 * How speed follows one size while the others stay.
 *
 * @typedef {object} Curve
 * @property {string} name - for `--only`
 * @property {string} title
 * @property {readonly Point[]} points
 */

/** @typedef {{ label: string, workload: Omit<import('./workloads.mjs').Workload, 'name' | 'title'> }} Point */

/** @type {readonly Curve[]} */
export const curves = [
  {
    name: 'batches',
    title: 'Over the batch: GPT (2 layers, 128 wide, 4 heads), rows of 64',
    points: [1, 2, 4, 8, 16, 32, 64, 128].map((batchSize) => ({
      label: String(batchSize),
      workload: gptWorkload({ batchSize }),
    })),
  },
  {
    name: 'widths', // three decades of work
    title: 'Over the width: GPT (2 layers, 4 heads), 4 x 64',
    points: [16, 32, 64, 128, 256, 512, 768].map((width) => ({
      label: String(width),
      workload: gptWorkload({ batchSize: 4, width }),
    })),
  },
];

/** Fewer than for models: losses aren't compared. */
const BATCHES = 8;

/** @type {readonly import('./contestants.mjs').Contestant[]} */
const contestants = [
  { name: REFERENCE, isPeer: false, threads: 'one', command: javaScript('llm101') },
  {
    name: 'llm101 relaxed',
    isPeer: false,
    threads: 'one',
    isFused: true,
    command: javaScript('llm101-relaxed'),
  },
];

/**
 * @typedef {object} MeasuredPoint
 * @property {string} label
 * @property {number} tokens - of a step
 * @property {number} flops - of a step
 * @property {number} plain - steps a second
 * @property {number | undefined} relaxed - where Node has it
 */

/** @typedef {{ name: string, title: string, peak: import('./measure.mjs').Peak, points: MeasuredPoint[] }} MeasuredCurve */

/**
 * Measures all points of a curve in turns.
 *
 * @param {Curve} curve
 * @param {Omit<import('./measure.mjs').MeasureOptions, 'file'> & { scratch: string }} options - scratch is a folder
 * @returns {Promise<MeasuredCurve>} without points that fail, as where memory doesn't suffice
 */
export async function measureCurve({ name, title, points }, { scratch, ...options }) {
  /** @type {import('./measure.mjs').Entry[]} */
  const entries = [];
  const file = (/** @type {number} */ i) => join(scratch, `${name}-${i}.safetensors`);
  for (const [i, { workload }] of points.entries()) {
    await writeStart(file(i), workload, BATCHES);
  }
  try {
    for (const peak of peaks) entries.push(await start(peak, file(0), options));
    for (const i of points.keys()) {
      for (const contestant of contestants) {
        entries.push(await start(contestant, file(i), options));
      }
    }
    await takeTurns(entries, options);
  } finally {
    close(entries);
  }
  const [plainPeak, fusedPeak, ...others] = entries;
  return {
    name,
    title,
    peak: { plain: peakOf(plainPeak) ?? NaN, fused: peakOf(fusedPeak) },
    points: points.flatMap(({ label, workload }, i) => {
      const [plain, relaxed] = others.slice(2 * i);
      if (plain.problem !== undefined) {
        process.stderr.write(`bench: ${name} ${label} is left out: ${plain.problem}\n`);
        return [];
      }
      const { batchSize, length } = shapeOf(workload);
      return {
        label,
        tokens: batchSize * length,
        flops: trainingFlops(productsOfStep(workload)),
        plain: median(plain.rates),
        relaxed: relaxed.problem === undefined ? median(relaxed.rates) : undefined,
      };
    }),
  };
}

const FIGURES = ['tokens/s', 'GFLOP/s', 'of best', 'of peak'];

/**
 * @param {MeasuredCurve} curve
 * @returns {string} a row a point: plain, then relaxed where Node has it
 */
export function formatCurve({ peak, points }) {
  const { plain: peakGflops, fused = NaN } = peak;
  const plain = cellsOf(
    points,
    points.map((point) => point.plain),
    peakGflops,
  );
  const rates = points.flatMap((point) => point.relaxed ?? []);
  const relaxed = rates.length === points.length ? cellsOf(points, rates, fused) : [];
  const head = ['', ...FIGURES, ...(relaxed.length > 0 ? ['relaxed', ...FIGURES.slice(1)] : [])];
  const rows = points.map(({ label }, i) => [label, ...plain[i], ...(relaxed[i] ?? [])]);
  return formatTable(head, rows);
}

/**
 * @param {readonly MeasuredPoint[]} points
 * @param {readonly number[]} rates - steps a second
 * @param {number} peakGflops
 * @returns {string[][]}
 */
function cellsOf(points, rates, peakGflops) {
  const gflops = rates.map((rate, i) => (rate * points[i].flops) / 1e9);
  const best = gflops.reduce((a, b) => Math.max(a, b), 0); // over the batch also the best of tokens a second
  return rates.map((rate, i) => [
    Math.round(rate * points[i].tokens).toLocaleString('en-US'),
    gflops[i].toFixed(1),
    percent(gflops[i] / best),
    percent(gflops[i] / peakGflops),
  ]);
}

/** @param {number} part */
const percent = (part) => `${Math.round(100 * part)} %`;
