/** The unit of information: one bit is ln 2 nats. */
export type InformationUnit = 'nats' | 'bits';

/** The last argument of every measure of information. */
export interface UnitOptions {
  /** The unit of the result; default: nats. */
  readonly unit?: InformationUnit;
}

/** Nats as bits: `nats / ln 2`. Any number is allowed, including infinities and negative differences. */
export function bitsFromNats(nats: number): number {
  return nats / Math.LN2;
}

/** Bits as nats: `bits · ln 2`. Any number is allowed, including infinities and negative differences. */
export function natsFromBits(bits: number): number {
  return bits * Math.LN2;
}

/**
 * A measure in the requested unit. Everything is computed in nats and converted here.
 *
 * @throws RangeError when the unit is neither nats nor bits
 */
export function inUnit(where: string, nats: number, { unit = 'nats' }: UnitOptions): number {
  switch (unit) {
    case 'nats':
      return nats;
    case 'bits':
      return bitsFromNats(nats);
    default:
      unit satisfies never;
      throw new RangeError(`${where}: unit must be 'nats' or 'bits'; got ${String(unit)}`);
  }
}
