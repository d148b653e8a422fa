import { Generator, randomInt64, randperm } from '@llm101/random';

/**
 * The order of a pass, with the draws of PyTorch's `DataLoader` from its global generator: one int64 (the base seed of
 * worker processes, unused here) and, to shuffle, one more, which seeds a generator of its own for `randperm`.
 *
 * @returns `[length]` row numbers, or `undefined` for the rows as they lie
 */
export function drawOrder(
  length: number,
  { shuffle, generator }: { readonly shuffle: boolean; readonly generator: Generator | undefined },
): Int32Array | undefined {
  if (generator === undefined) return undefined;
  randomInt64(generator); // the base seed
  if (!shuffle) return undefined;
  return randperm(Generator.seeded(randomInt64(generator)), length);
}
