/** @throws RangeError unless `value` is a whole number from `least` on; `where` is as in `DataLoader: batchSize` */
export function checkWhole(where: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${where} must be a whole number from ${least} on; got ${value}`);
  }
}
