/** @import { Bench, BenchRow } from '../../readme/src/bench-section.mjs' */
/** @import { Result, Row } from './report.mjs' */

/**
 * What was measured, as the README's tables are made from it: medians, without the rounds behind them.
 *
 * @typedef {object} Measured
 * @property {readonly { title: string, results: readonly Result[], rows: readonly Row[] }[]} tables - a workload each
 * @property {readonly import('./curves.mjs').MeasuredCurve[]} curves
 * @property {readonly import('./kernels.mjs').KernelRow[]} products
 */

/**
 * @template {object} About
 * @param {About} about - when and where it was measured
 * @param {Measured} measured
 * @returns {About & Pick<Bench, 'contestants' | 'tables' | 'curves' | 'products'>}
 */
export function benchFigures(about, { tables, curves, products }) {
  return {
    ...about,
    contestants: contestantsOf(tables.flatMap(({ results }) => results)),
    tables: tables.map(({ title, results, rows }) => ({
      title,
      rows: results.map((result) =>
        rowOf(
          result,
          rows.find((row) => row.result === result),
        ),
      ),
    })),
    curves: curves.map(({ name, title, points }) => ({
      name,
      title,
      points: points.map(({ label, tokens, flops, plain, relaxed }) => {
        return { label, tokens, flops, plain: rounded(plain), relaxed: rounded(relaxed) };
      }),
    })),
    products: products.map(({ m, n, k, batch, where, plain, relaxed }) => {
      return { m, n, k, batch, where, plain: shareOf(plain), relaxed: relaxed && shareOf(relaxed) };
    }),
  };
}

/**
 * Each once, with the versions that it told where it ran.
 *
 * @param {readonly Result[]} results
 * @returns {Bench['contestants']}
 */
function contestantsOf(results) {
  const names = [...new Set(results.map(({ contestant }) => contestant))];
  return names.map((name) => {
    const named = results.filter(({ contestant }) => contestant === name);
    const { what, isPeer, threads, isForQuick } =
      named.find((result) => result.what !== '') ?? named[0];
    return { name, what, isPeer, threads, isForQuick };
  });
}

/**
 * @param {Result} result
 * @param {Row | undefined} row - where it ran
 * @returns {BenchRow}
 */
function rowOf({ contestant, problem = 'did not run' }, row) {
  if (row === undefined) return { contestant, problem };
  const { stepsPerSecond, spread, oursIs } = row;
  return {
    contestant,
    stepsPerSecond: rounded(stepsPerSecond),
    spread: rounded(spread),
    oursIs: rounded(oursIs),
  };
}

/** @param {import('./kernels.mjs').Rate} rate */
const shareOf = ({ gflops, peakGflops }) => rounded(gflops / peakGflops);

/**
 * More digits than anybody measures.
 *
 * @template {number | undefined} Value
 * @param {Value} value
 */
const rounded = (value) =>
  /** @type {Value} */ (value === undefined ? value : Number(value.toPrecision(7)));

/**
 * JSON with a line for each object or list that holds no other.
 *
 * @param {object} value
 * @param {string} [indent]
 * @returns {string}
 */
export function formatJson(value, indent = '') {
  if (!Object.values(value).some(isObject)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([key, part]) => {
    const text = isObject(part) ? formatJson(part, inner) : JSON.stringify(part);
    return inner + (Array.isArray(value) ? text : `${JSON.stringify(key)}: ${text}`);
  });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
const isObject = (value) => typeof value === 'object' && value !== null;
