/**
 * The middle of the values in order; of an even count, the mean of the two in the middle.
 *
 * @param {readonly number[]} values - at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How far the values lie apart, as a part of their median: `(max - min) / median`.
 *
 * @param {readonly number[]} values - at least one
 * @returns {number}
 */
export function spread(values) {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * The largest distance between values at the same place; infinite where one isn't a number or the lengths differ.
 *
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 * @returns {number}
 */
export function largestDifference(a, b) {
  if (a.length !== b.length) return Infinity;
  const differences = a.map((value, i) => Math.abs(value - b[i]));
  return differences.some(Number.isNaN) ? Infinity : Math.max(0, ...differences);
}
