import { checkSize } from '../check-size.js';
import { entropyOf } from '../entropy-of.js';
import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { checkRate } from '../check-rate.js';

/**
 * The capacity of the binary symmetric channel, `ln 2 - H(flip)`: one bit at flips of 0 or 1, none at 1/2.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", section 7.1.4.
 *
 * @throws RangeError when `flip` isn't in [0, 1] or the unit is unknown
 */
export function binarySymmetricCapacity(flip: number, options: UnitOptions = {}): number {
  checkRate('binarySymmetricCapacity', flip, 'flip');
  const nats = Math.max(Math.LN2 - entropyOf([flip, 1 - flip]), 0);
  return inUnit('binarySymmetricCapacity', nats, options);
}

/**
 * The capacity of the erasure channel, `(1 - loss) ln size`: what isn't lost arrives whole.
 *
 * Source: Elias (1955), "Coding for Two Noisy Channels"; Cover and Thomas (2006), section 7.1.5.
 *
 * @throws RangeError when the size isn't a whole number from 1 on, the loss isn't in [0, 1] or the unit is unknown
 */
export function erasureCapacity(size: number, loss: number, options: UnitOptions = {}): number {
  checkSize('erasureCapacity', size);
  checkRate('erasureCapacity', loss, 'loss');
  return inUnit('erasureCapacity', (1 - loss) * Math.log(size), options);
}

/**
 * The capacity of the substitution channel, `ln size - H(rate) - rate ln(size - 1)`, without spared symbols: it is
 * symmetric, so equally likely symbols carry most.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", theorem 7.2.1.
 *
 * @throws RangeError when the size isn't a whole number from 2 on, the rate isn't in [0, 1] or the unit is unknown
 */
export function substitutionCapacity(
  size: number,
  rate: number,
  options: UnitOptions = {},
): number {
  checkSize('substitutionCapacity', size, 'size', 2);
  checkRate('substitutionCapacity', rate, 'rate');
  const open = entropyOf([rate, 1 - rate]) + rate * Math.log(size - 1);
  return inUnit('substitutionCapacity', Math.max(Math.log(size) - open, 0), options);
}
