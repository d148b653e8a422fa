import type { NumericArray } from './numeric-array.js';

/**
 * Sums the rows of `x` that carry the same id: `out[s] = Σ x[i]` over the `i` with `segmentIds[i] = s`, in their
 * order. A row whose id is negative or `numSegments` and above is left out; a segment without rows is 0.
 *
 * Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops/UnsortedSegmentSum, which drops negative ids and
 * leaves open what becomes of ids above the range.
 *
 * @param x - `[n, ...]`, rows of `out.length / numSegments` values
 * @param segmentIds - `[n]`, in any order
 * @param out - `[numSegments, ...]`, written whole
 */
export function unsortedSegmentSum(
  x: NumericArray,
  segmentIds: NumericArray,
  numSegments: number,
  out: NumericArray,
): void {
  out.fill(0);
  const width = numSegments === 0 ? 0 : out.length / numSegments;
  for (let i = 0; i < segmentIds.length; i++) {
    const segment = segmentIds[i];
    if (segment < 0 || segment >= numSegments) continue;
    const from = i * width;
    const to = segment * width;
    for (let j = 0; j < width; j++) out[to + j] += x[from + j];
  }
}
