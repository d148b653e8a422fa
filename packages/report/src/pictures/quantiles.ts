import type { Histogram } from './histogram.js';

/** The smallest, 5 %, a quarter, the median, three quarters, 95 %, the largest. */
const SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** Quantiles of a histogram, as if the values in a bin lay evenly in it: the smallest, 5, 25, 50, 75 and 95 %, the largest. */
export function quantilesOf({ counts, edges }: Histogram): readonly number[] {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  return SHARES.map((share) => {
    let below = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin];
      if (count > 0 && below + count >= share * total) {
        return edges[bin] + ((share * total - below) / count) * (edges[bin + 1] - edges[bin]);
      }
      below += count;
    }
    return edges[counts.length];
  });
}
