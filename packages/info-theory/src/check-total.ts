/** @throws RangeError unless a sum of counts can be divided by: positive and finite */
export function checkTotal(where: string, total: number): void {
  if (!(total > 0 && total < Infinity)) {
    throw new RangeError(`${where}: counts must have a positive, finite sum; got ${total}`);
  }
}
