/** @throws RangeError unless the table has rows and columns, and as many columns in each row */
export function checkRectangular(where: string, table: ArrayLike<ArrayLike<number>>): void {
  if (!(table.length > 0 && table[0].length > 0)) {
    throw new RangeError(`${where}: the table must have a row and a column; got none`);
  }
  const columns = table[0].length;
  for (let x = 1; x < table.length; x++) {
    if (table[x].length !== columns) {
      throw new RangeError(
        `${where}: rows must have the same length, ${columns}; got ${table[x].length} at row ${x}`,
      );
    }
  }
}
