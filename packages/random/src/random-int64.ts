import type { Generator } from './generator.js';

/** A whole number, 0 … 2^63 - 1: `torch.empty((), dtype=torch.int64).random_()`, exactly. */
export function randomInt64(generator: Generator): bigint {
  return BigInt.asUintN(63, generator.nextUint64());
}
