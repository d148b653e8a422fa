import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { checkWholeCounts } from './check-whole-counts.js';
import { plugInNats } from './plug-in-entropy.js';

/**
 * The plug-in estimate with the first term of its bias added back: `H + (m - 1) / 2N`, where `m` symbols of the sample
 * of `N` occur at least once.
 *
 * Source: Miller (1955), "Note on the Bias of Information Estimates".
 *
 * @param counts - `[n]` how often each symbol was drawn
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function millerMadowEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  const total = checkWholeCounts('millerMadowEntropy', counts);
  let seen = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) seen++;
  const nats = plugInNats(counts, total) + (seen - 1) / (2 * total);
  return inUnit('millerMadowEntropy', nats, options);
}
