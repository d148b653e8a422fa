/**
 * The share of symbols that differ, over pairs of sequences of the same length.
 *
 * @param sent - sequences of symbols
 * @param received - as many, each as long as its counterpart
 * @throws RangeError when they aren't, or have no symbol
 */
export function symbolErrorRate(
  sent: readonly ArrayLike<number>[],
  received: readonly ArrayLike<number>[],
): number {
  if (sent.length !== received.length) {
    throw new RangeError(
      `symbolErrorRate: there must be as many sequences received as sent; got ${received.length} and ${sent.length}`,
    );
  }
  let wrong = 0;
  let total = 0;
  for (const [i, sequence] of sent.entries()) {
    if (sequence.length !== received[i].length) {
      throw new RangeError(
        `symbolErrorRate: sequences must be as long as their counterparts; got ${sequence.length} and ${received[i].length} at index ${i}`,
      );
    }
    for (let j = 0; j < sequence.length; j++) if (sequence[j] !== received[i][j]) wrong++;
    total += sequence.length;
  }
  if (total === 0) {
    throw new RangeError('symbolErrorRate: the sequences must have a symbol; got none');
  }
  return wrong / total;
}
