import { checkSize } from '../check-size.js';
import { Channel } from './channel.js';
import { checkRate } from '../check-rate.js';

/**
 * Symbols of which each is lost with the same probability, and the receiver knows which: it then gets the symbol `size`.
 * Its capacity is `(1 - loss) ln size`: `erasureCapacity`.
 *
 * @param size - how many symbols there are to send, 0 … size - 1
 * @param loss - from 0 to 1
 * @throws RangeError when the size isn't a whole number from 1 on or the loss isn't in [0, 1]
 */
export function erasureChannel(size: number, loss: number): Channel {
  checkSize('erasureChannel', size);
  checkRate('erasureChannel', loss, 'loss');
  return new Channel(
    Array.from({ length: size }, (_, sent) => {
      const row = new Float64Array(size + 1);
      row[sent] = 1 - loss;
      row[size] = loss;
      return row;
    }),
  );
}
