import { inUnit } from './in-unit.js';
import { isProbability } from './is-probability.js';
import type { UnitOptions } from './unit-options.js';

/**
 * The information in an event of probability `p`: `-ln p`; Infinity where p = 0.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", whose entropy is its mean.
 *
 * @throws RangeError when `p` isn't in [0, 1] or the unit is unknown
 */
export function surprisal(p: number, options: UnitOptions = {}): number {
  if (!isProbability(p)) {
    throw new RangeError(`surprisal: a probability must lie in [0, 1]; got ${p}`);
  }
  return inUnit('surprisal', 0 - Math.log(p), options); // 0 - …: a certain event has 0, not -0
}
