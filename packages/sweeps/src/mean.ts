/**
 * The arithmetic mean, `(x_1 + … + x_n) / n`. An example; put the package's first function in its place.
 *
 * @param values - [n], at least one, finite
 * @throws RangeError when there is no value or one isn't finite
 */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('mean: there must be at least one value; got none');
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`mean: values must be finite; value ${i} is ${values[i]}`);
    }
    sum += values[i];
  }
  return sum / values.length;
}
