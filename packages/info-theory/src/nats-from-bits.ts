/** Bits as nats: `bits · ln 2`. Any number goes, also an infinity or a negative difference. */
export function natsFromBits(bits: number): number {
  return bits * Math.LN2;
}
