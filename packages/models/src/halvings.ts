/**
 * log2(contextSize): how often a context can be halved until one value is left.
 *
 * @throws RangeError when contextSize is no power of two from 2 on
 */
export function halvings(contextSize: number): number {
  const depth = Math.log2(contextSize);
  if (!Number.isInteger(depth) || depth < 1) {
    const below = 2 ** Math.max(1, Math.floor(depth));
    throw new RangeError(
      `CNN: contextSize must be a power of two of at least 2, as each layer halves it; got ${contextSize}, try ${below} or ${below * 2}`,
    );
  }
  return depth;
}
