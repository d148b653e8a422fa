import { inUnit, type UnitOptions } from '../units.js';

/**
 * The differential entropy of a normal distribution: `ln(2πe σ²) / 2` for a variance, `ln det(2πe Σ) / 2` for a
 * covariance matrix. Unlike the entropy of a discrete variable it can be negative, and it depends on the scale of the
 * variable. No density of the same variance has a larger one.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 20.
 *
 * @param covariance - a variance, or a symmetric, positive definite `[n, n]` matrix
 * @throws RangeError when a variance isn't positive and finite, a matrix isn't square, symmetric (within 1e-9 of its
 *   entries) and positive definite, or the unit is unknown
 */
export function gaussianEntropy(
  covariance: number | ArrayLike<ArrayLike<number>>,
  options: UnitOptions = {},
): number {
  const matrix = typeof covariance === 'number' ? [[covariance]] : covariance;
  checkSymmetric(matrix);
  const constant = (matrix.length / 2) * (1 + Math.log(2 * Math.PI));
  return inUnit('gaussianEntropy', constant + logDeterminant(matrix) / 2, options);
}

function checkSymmetric(matrix: ArrayLike<ArrayLike<number>>): void {
  const n = matrix.length;
  if (!(n > 0)) throw new RangeError('gaussianEntropy: the matrix must have a row; got none');
  for (let i = 0; i < n; i++) {
    if (matrix[i].length !== n) {
      throw new RangeError(
        `gaussianEntropy: a covariance matrix of ${n} rows must have ${n} columns; got ${matrix[i].length} at row ${i}`,
      );
    }
    for (let j = 0; j < n; j++) {
      const value = matrix[i][j];
      if (!Number.isFinite(value)) {
        throw new RangeError(
          `gaussianEntropy: covariances must be finite; got ${value} at row ${i}, column ${j}`,
        );
      }
      const other = matrix[j][i];
      if (Math.abs(value - other) > 1e-9 * Math.max(Math.abs(value), Math.abs(other))) {
        throw new RangeError(
          `gaussianEntropy: a covariance matrix must be symmetric; got ${value} at row ${i}, column ${j} and ${other} at row ${j}, column ${i}`,
        );
      }
    }
  }
}

/** `ln det` by the Cholesky factor `L` of the matrix: twice the sum of the logarithms of its diagonal. */
function logDeterminant(matrix: ArrayLike<ArrayLike<number>>): number {
  const rows: number[][] = [];
  let logarithm = 0;
  for (let i = 0; i < matrix.length; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      let value = matrix[i][j];
      const other = j === i ? row : rows[j];
      for (let k = 0; k < j; k++) value -= row[k] * other[k];
      if (j < i) row.push(value / other[j]);
      else if (value > 0) row.push(Math.sqrt(value));
      else {
        throw new RangeError(
          `gaussianEntropy: a variance must be positive, and a covariance matrix positive definite; got a pivot of ${value} at row ${i}`,
        );
      }
    }
    rows.push(row);
    logarithm += 2 * Math.log(row[i]);
  }
  return logarithm;
}
