import { checkSize } from '../check-size.js';
import { checkSymbols } from '../check-symbols.js';
import { Channel } from './channel.js';
import { checkRate } from '../check-rate.js';

/** Settings of {@link substitutionChannel}. */
export interface SubstitutionOptions {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
  /** How often a symbol arrives as another, each other one equally likely; from 0 to 1. */
  readonly rate: number;
  /** Symbols that always arrive as they are and that no other arrives as, such as the one that ends a line. */
  readonly spared?: readonly number[];
}

/**
 * A typist's channel: each symbol is replaced by another one with the same probability. Its capacity is
 * `ln size - H(rate) - rate ln(size - 1)`: `substitutionCapacity`.
 *
 * @throws RangeError when an option is out of its range, or a symbol has to be replaced and there is no other
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
    Array.from({ length: size }, (_, sent) =>
      Float64Array.from({ length: size }, (_, received) => {
        if (fixed.has(sent) || fixed.has(received)) return sent === received ? 1 : 0;
        return sent === received ? 1 - rate : rate / (open - 1);
      }),
    ),
  );
}
