import { checkRate } from '../check-rate.js';
import { checkSize } from '../check-size.js';
import { checkSymbols } from '../check-symbols.js';
import { Channel } from './channel.js';

/** Settings of {@link erasureChannel}. */
export interface ErasureOptions {
  /** Symbols that are never lost, such as the one that ends a line. */
  readonly spared?: readonly number[];
}

/**
 * Symbols of which each is lost with the same probability, and the receiver knows which: it then gets the symbol `size`.
 * Its capacity is `(1 - loss) ln size`, unless symbols are spared: `erasureCapacity`.
 *
 * @param size - how many symbols there are to send, 0 … size - 1
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
