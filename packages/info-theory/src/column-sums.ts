/** @returns `[Y]` the sum of each column of a rectangular `[X, Y]` table */
export function columnSums(table: ArrayLike<ArrayLike<number>>): Float64Array {
  const sums = new Float64Array(table[0].length);
  for (let x = 0; x < table.length; x++) {
    for (let y = 0; y < sums.length; y++) sums[y] += table[x][y];
  }
  return sums;
}
