/** Rows to normalise, with their scale. */
export interface RmsNormOperands {
  /** `[rows, n]` */
  readonly x: ArrayLike<number>;
  /** `[n]` */
  readonly weight: ArrayLike<number>;
  readonly rows: number;
  readonly n: number;
  readonly epsilon: number;
}

/** `torch.nn.functional.rms_norm` over rows, in double precision, and `1 / √(mean(x²) + epsilon)` of each. */
export function rmsNormReference({ x, weight, rows, n, epsilon }: RmsNormOperands): {
  readonly y: Float64Array;
  readonly inverses: Float64Array;
} {
  const y = new Float64Array(rows * n);
  const inverses = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let j = 0; j < n; j++) squares += x[i * n + j] ** 2;
    inverses[i] = 1 / Math.sqrt(squares / n + epsilon);
    for (let j = 0; j < n; j++) y[i * n + j] = x[i * n + j] * inverses[i] * weight[j];
  }
  return { y, inverses };
}

/** The gradients for x and weight, given that of y. */
export function rmsNormGradientReference(
  operands: RmsNormOperands,
  dy: ArrayLike<number>,
): { readonly dx: Float64Array; readonly dWeight: Float64Array } {
  const { x, weight, rows, n } = operands;
  const { inverses } = rmsNormReference(operands);
  const dx = new Float64Array(rows * n);
  const dWeight = new Float64Array(n);
  for (let i = 0; i < rows; i++) {
    let moment = 0;
    for (let j = 0; j < n; j++) moment += dy[i * n + j] * weight[j] * x[i * n + j] * inverses[i];
    for (let j = 0; j < n; j++) {
      const h = x[i * n + j] * inverses[i];
      dx[i * n + j] = inverses[i] * (dy[i * n + j] * weight[j] - (h * moment) / n);
      dWeight[j] += dy[i * n + j] * h;
    }
  }
  return { dx, dWeight };
}
