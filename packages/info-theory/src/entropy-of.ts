/** `-Σ p ln p` in nats over values already checked, with 0 ln 0 = 0; they need not sum to 1. */
export function entropyOf(p: ArrayLike<number>): number {
  let nats = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) nats -= p[i] * Math.log(p[i]);
  }
  return nats;
}
