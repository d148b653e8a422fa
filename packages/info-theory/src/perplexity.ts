/**
 * `exp` of a cross-entropy in nats: among how many equally likely choices a model seems to hesitate.
 *
 * Source: Jelinek, Mercer, Bahl and Baker (1977), "Perplexity — a measure of the difficulty of speech
 * recognition tasks".
 *
 * @param lossNats - mean loss a symbol, in nats (`natsFromBits` converts); Infinity gives Infinity
 * @throws RangeError when the loss is negative or NaN
 */
export function perplexity(lossNats: number): number {
  if (!(lossNats >= 0)) {
    throw new RangeError(`perplexity: a loss in nats must be at least 0; got ${lossNats}`);
  }
  return Math.exp(lossNats);
}
