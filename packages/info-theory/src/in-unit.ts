import { bitsFromNats } from './bits-from-nats.js';
import type { UnitOptions } from './unit-options.js';

/**
 * A measure in the unit that was asked for. Everything is computed in nats and converted here.
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
