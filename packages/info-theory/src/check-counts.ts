/**
 * @param what - the subject of the message
 * @throws RangeError unless each count is finite and not negative
 */
export function checkCounts(where: string, counts: ArrayLike<number>, what = 'counts'): void {
  for (let i = 0; i < counts.length; i++) {
    if (!Number.isFinite(counts[i]) || counts[i] < 0) {
      throw new RangeError(
        `${where}: ${what} must be finite and not negative; got ${counts[i]} at index ${i}`,
      );
    }
  }
}
