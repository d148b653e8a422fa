import { checkRate } from '../check-rate.js';
import { Channel } from './channel.js';

/**
 * Bits of which each is flipped with the same probability. Its capacity is `ln 2 - H(flip)`: `binarySymmetricCapacity`.
 *
 * @param flip - from 0 to 1
 * @throws RangeError when it isn't
 */
export function binarySymmetricChannel(flip: number): Channel {
  checkRate('binarySymmetricChannel', flip, 'flip');
  return new Channel([
    [1 - flip, flip],
    [flip, 1 - flip],
  ]);
}
