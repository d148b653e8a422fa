import { isProbability } from './is-probability.js';

/** @throws RangeError unless the rate is a probability */
export function checkRate(where: string, rate: number, what: string): void {
  if (!isProbability(rate)) {
    throw new RangeError(`${where}: ${what} must lie in [0, 1]; got ${rate}`);
  }
}
