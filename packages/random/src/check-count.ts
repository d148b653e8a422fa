/** @throws RangeError unless `n` is a whole number from 0 to `most` */
export function checkCount(where: string, n: number, most = 2 ** 32 - 1): void {
  if (!Number.isInteger(n) || n < 0 || n > most) {
    throw new RangeError(`${where}: n must be a whole number from 0 to ${most}; got ${n}`);
  }
}
