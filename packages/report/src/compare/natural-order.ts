/**
 * Compares names as people order them: `run-2` before `run-10`. The same on every machine: digits by the number that they write, all else
 * by code units.
 *
 * @returns below 0, 0 or above 0, for `sort`
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = comparePart(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b); // `run-01` and `run-1` are two names
}

/** Text and digits in turns, text first. */
const partsOf = (name: string): string[] => name.split(/(\d+)/);

function comparePart(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b)) return compareText(a, b);
  const [x, y] = [a, b].map((digits) => digits.replace(/^0+(?=\d)/, ''));
  return x.length - y.length || compareText(x, y); // of any length
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
