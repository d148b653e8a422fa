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
  const [least, most] = [Math.min, Math.max].map((of) => values.reduce((a, b) => of(a, b)));
  return (most - least) / median(values);
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
  return differences.some(Number.isNaN)
    ? Infinity
    : differences.reduce((a, b) => Math.max(a, b), 0);
}

/**
 * A table in plain text: the first column to the left, the others to the right; a row of one cell runs on.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function formatTable(head, rows) {
  const full = [head, ...rows].filter((row) => row.length === head.length);
  const widths = head.map((_, column) =>
    full.reduce((most, row) => Math.max(most, row[column].length), 0),
  );
  const first = rows.reduce((most, [name]) => Math.max(most, name.length), widths[0]);
  const line = (/** @type {readonly string[]} */ [name, ...cells]) => {
    const isFull = cells.length === head.length - 1;
    const padded = isFull ? cells.map((cell, i) => cell.padStart(widths[i + 1])) : cells;
    return [name.padEnd(first), ...padded].join('  ').trimEnd();
  };
  const all = [first, ...widths.slice(1)];
  const rule = '-'.repeat(all.reduce((sum, width) => sum + width, 2 * (all.length - 1)));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
