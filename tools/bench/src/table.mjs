/**
 * A table in plain text: the first column to the left, the others to the right; a row of one cell runs on.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function formatTable(head, rows) {
  const full = [head, ...rows].filter((row) => row.length === head.length);
  const widths = head.map((_, column) => Math.max(...full.map((row) => row[column].length)));
  const first = Math.max(widths[0], ...rows.map(([name]) => name.length));
  const line = (/** @type {readonly string[]} */ [name, ...cells]) => {
    const isFull = cells.length === head.length - 1;
    const padded = isFull ? cells.map((cell, i) => cell.padStart(widths[i + 1])) : cells;
    return [name.padEnd(first), ...padded].join('  ').trimEnd();
  };
  const all = [first, ...widths.slice(1)];
  const rule = '-'.repeat(all.reduce((sum, width) => sum + width, 2 * (all.length - 1)));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
