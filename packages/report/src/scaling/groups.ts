import type { ScalingRun } from './scaling-report.js';

/** Runs whose sizes are close to each other. */
export interface SizeGroup {
  /** The geometric mean of their sizes. */
  readonly size: number;
  readonly runs: readonly ScalingRun[];
}

/** Groups that can be told apart by colour. */
const MOST_GROUPS = 6;

/** Sizes that are this close are one. */
const SAME = 1.05;

/** Runs by their sizes: a group each where there are few different ones, else groups of about as many runs. They rise. */
export function groupBySize(
  runs: readonly ScalingRun[],
  key: 'parameters' | 'tokens',
): SizeGroup[] {
  const sorted = runs.toSorted((a, b) => a[key] - b[key]);
  const groups: ScalingRun[][] = [];
  for (const run of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && run[key] <= last[0][key] * SAME) last.push(run);
    else groups.push([run]);
  }
  const few =
    groups.length <= MOST_GROUPS
      ? groups
      : Array.from({ length: MOST_GROUPS }, (_, i) => {
          const at = (part: number): number => Math.round((part * sorted.length) / MOST_GROUPS);
          return sorted.slice(at(i), at(i + 1));
        });
  return few
    .filter((group) => group.length > 0)
    .map((group) => ({
      size: Math.exp(group.reduce((sum, run) => sum + Math.log(run[key]), 0) / group.length),
      runs: group,
    }));
}

const UNITS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A count in three digits: `1.23 M`. */
export function short(count: number): string {
  const [unit, letter] = UNITS.find(([one]) => count >= 0.9995 * one) ?? [1, ''];
  if (count >= 1e15) return count.toExponential(2).replace('e+', 'e');
  const digits = Number((count / unit).toPrecision(3));
  return letter === '' ? `${digits}` : `${digits} ${letter}`;
}
