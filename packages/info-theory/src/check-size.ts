/**
 * @param what - the subject of the message
 * @throws RangeError unless the value is a whole number from `least` on
 */
export function checkSize(where: string, value: number, what = 'size', least = 1): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(
      `${where}: ${what} must be a whole number from ${least} on; got ${String(value)}`,
    );
  }
}
