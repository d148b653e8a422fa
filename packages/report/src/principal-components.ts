/** Vectors projected on the two directions in which they vary most. */
export interface PrincipalComponents {
  /** `[N]` points; the first coordinate has the largest variance. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The fraction of the variance that each direction explains, 0 … 1. */
  readonly explained: readonly [first: number, second: number];
}

/**
 * Principal component analysis: centred vectors, projected on the two eigenvectors of their covariance with the largest
 * eigenvalues. The sign of each direction makes its largest component positive, so that the same vectors give
 * the same picture.
 *
 * Source: Pearson (1901), "On Lines and Planes of Closest Fit to Systems of Points in Space".
 *
 * @param vectors - `[N][C]`
 */
export function principalComponents(vectors: readonly (readonly number[])[]): PrincipalComponents {
  const C = vectors.at(0)?.length ?? 0;
  const means = Array.from({ length: C }, (_, c) => sum(vectors, (v) => v[c]) / vectors.length);
  const centred = vectors.map((vector) => vector.map((value, c) => value - means[c]));
  // The products of columns, or of rows, where these are fewer: both have the same eigenvalues.
  const isWide = vectors.length < C;
  const columns = means.map((_, c) => centred.map((vector) => vector[c]));
  const sides = isWide ? centred : columns;
  const products = sides.map((a) => sides.map((b) => dot(a, b)));
  const { values, vectors: found } = eigen(products);
  const order = values.map((_, i) => i).toSorted((a, b) => values[b] - values[a]);
  const total = sum(values, (value) => value);
  const axes = [0, 1].map((rank) => {
    if (rank >= sides.length) return { fraction: 0, direction: [] };
    const eigenvector = found.map((row) => row[order[rank]]);
    const direction = isWide
      ? unit(columns.map((column) => dot(eigenvector, column)))
      : eigenvector;
    return {
      fraction: total > 0 ? Math.max(values[order[rank]], 0) / total : 0,
      direction: fixSign(direction),
    };
  });
  return {
    points: centred.map((vector) => [
      dot(axes[0].direction, vector),
      dot(axes[1].direction, vector),
    ]),
    explained: [axes[0].fraction, axes[1].fraction],
  };
}

/** A vector of length 1 in the same direction; zeros stay. */
function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector); // bounded: components of a vector
  return vector.map((value) => (length > 0 ? value / length : 0));
}

/** At most this many sweeps over all pairs; a symmetric matrix of a few dozen rows usually takes 6 to 10. */
const SWEEPS = 50;

/** Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations. */
function eigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const a = matrix.map((row) => [...row]);
  const n = a.length;
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p][q]) <= Number.EPSILON * Math.sqrt(Math.abs(a[p][p] * a[q][q]))) continue;
        rotate(a, vectors, p, q);
        rotated = true;
      }
    }
    if (!rotated) break;
  }
  return { values: a.map((row, i) => row[i]), vectors };
}

/** Makes `a[p][q]` zero; Golub and Van Loan, "Matrix Computations", section 8.5. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (const row of [...a, ...vectors])
    [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  for (let k = 0; k < a.length; k++) {
    [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
  }
}

function fixSign(direction: readonly number[]): number[] {
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return direction.map((value) => (largest < 0 ? -value : value));
}

/** Over the components of `a`. */
function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
