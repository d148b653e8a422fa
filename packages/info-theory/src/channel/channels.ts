import { checkRate, checkSize, checkSymbols } from '../checks.js';
import { entropyOf } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';
import { Channel } from './channel.js';

/**
 * Flips each bit with the same probability. Its capacity is `ln 2 - H(flip)`: `binarySymmetricCapacity`.
 *
 * @param flip - from 0 to 1
 * @throws RangeError when `flip` isn't in [0, 1]
 */
export function binarySymmetricChannel(flip: number): Channel {
  checkRate('binarySymmetricChannel', flip, 'flip');
  return new Channel([
    [1 - flip, flip],
    [flip, 1 - flip],
  ]);
}

/** Settings of {@link erasureChannel}. */
export interface ErasureOptions {
  /** Symbols that are never lost, such as the end of a line. */
  readonly spared?: readonly number[];
}

/**
 * Loses each symbol with the same probability, and the receiver knows which: it receives the symbol `size` instead.
 * Its capacity is `(1 - loss) ln size`, unless symbols are spared: `erasureCapacity`.
 *
 * @param size - the number of symbols that can be sent, 0 … size - 1
 * @param loss - from 0 to 1
 * @throws RangeError when the size isn't a whole number from 1 on, the loss isn't in [0, 1] or a spared symbol isn't
 *   below the size
 */
export function erasureChannel(
  size: number,
  loss: number,
  { spared = [] }: ErasureOptions = {},
): Channel {
  checkSize('erasureChannel', size);
  checkRate('erasureChannel', loss, 'loss');
  checkSymbols('erasureChannel', spared, size);
  const fixed = new Set(spared);
  return new Channel(
    Array.from({ length: size }, (_, sent) => {
      const row = new Float64Array(size + 1);
      row[size] = fixed.has(sent) ? 0 : loss;
      row[sent] = 1 - row[size];
      return row;
    }),
  );
}

/** Settings of {@link substitutionChannel}. */
export interface SubstitutionOptions {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /** The probability that a symbol is replaced by another, all others being equally likely; from 0 to 1. */
  readonly rate: number;
  /** Symbols that are never replaced and replace no other, such as the end of a line. */
  readonly spared?: readonly number[];
}

/**
 * A typist's channel: replaces each symbol by another one with the same probability. Its capacity is
 * `ln size - H(rate) - rate ln(size - 1)`: `substitutionCapacity`.
 *
 * @throws RangeError when an option is out of its range, or a symbol has to be replaced and there is no other one
 */
export function substitutionChannel({ size, rate, spared = [] }: SubstitutionOptions): Channel {
  const where = 'substitutionChannel';
  checkSize(where, size);
  checkRate(where, rate, 'rate');
  checkSymbols(where, spared, size);
  const fixed = new Set(spared);
  const open = size - fixed.size;
  if (open === 1 && rate > 0) {
    throw new RangeError(
      `${where}: there must be two symbols or more that aren't spared; got 1, which nothing can replace`,
    );
  }
  return new Channel(
    Array.from({ length: size }, (_, sent) => {
      const row = new Float64Array(size);
      if (!fixed.has(sent) && open > 1) row.fill(rate / (open - 1));
      for (const symbol of fixed) row[symbol] = 0;
      row[sent] = fixed.has(sent) ? 1 : 1 - rate;
      return row;
    }),
  );
}

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
 * The capacity of the erasure channel, `(1 - loss) ln size`: what isn't lost arrives unchanged.
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
 * symmetric, so equally likely symbols carry the most.
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
