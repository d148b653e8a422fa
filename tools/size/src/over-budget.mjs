/** @import { Size } from './measure.mjs' */

/**
 * What a name may take at most, in kB.
 *
 * @typedef {Readonly<Record<string, Readonly<Record<string, number>>>>} Budget
 */

/** What is guarded: what an installation takes, and what a page loads. */
const FIGURES = /** @type {const} */ (['unpacked', 'gzip']);

/**
 * Which sizes are over their budget.
 *
 * @param {readonly Size[]} sizes
 * @param {Budget} budget - `*` is for names without a row
 * @returns {string[]} a sentence each
 */
export function overBudget(sizes, budget) {
  return sizes.flatMap((size) =>
    FIGURES.flatMap((figure) => {
      const bytes = size[figure];
      const most = (budget[size.name] ?? budget['*'])[figure];
      if (bytes === undefined || most === undefined || bytes <= most * 1000) return [];
      const kilobytes = (bytes / 1000).toFixed(1);
      return [`${size.name}: ${figure} must be at most ${most} kB; got ${kilobytes} kB`];
    }),
  );
}
