/**
 * The number of elements of a shape, 1 for `[]`.
 *
 * @returns `undefined` when `shape` isn't a list of whole numbers from 0, or when the product is 2^53 or more
 */
export function elementCount(shape: unknown): number | undefined {
  if (!Array.isArray(shape)) return undefined;
  let count = 1;
  for (const size of shape as readonly unknown[]) {
    if (!isCount(size)) return undefined;
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** Whether `value` is a whole number from 0 to 2^53 - 1. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
