/** @throws RangeError naming the first size that isn't a whole number of at least 1 */
export function checkSizes(where: string, sizes: object): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${where}: ${name} must be a whole number of at least 1; got ${value}`);
    }
  }
}
