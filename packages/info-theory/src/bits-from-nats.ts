/** Nats as bits: `nats / ln 2`. Any number goes, also an infinity or a negative difference. */
export function bitsFromNats(nats: number): number {
  return nats / Math.LN2;
}
