/** Rows to normalise, with their scale and shift. */
export interface LayerNormOperands {
  /** `[rows, n]` */
  readonly x: ArrayLike<number>;
  /** `[n]` */
  readonly weight: ArrayLike<number>;
  /** `[n]` */
  readonly bias: ArrayLike<number>;
  readonly rows: number;
  readonly n: number;
  readonly epsilon: number;
}

/** What `layerNorm` writes. */
export interface Normalised {
  readonly y: Float64Array;
  readonly means: Float64Array;
  /** `1 / √(variance + epsilon)` */
  readonly inverses: Float64Array;
}

/** `torch.nn.functional.layer_norm` over rows, in double precision. */
export function layerNormReference(operands: LayerNormOperands): Normalised {
  const { x, weight, bias, rows, n, epsilon } = operands;
  const y = new Float64Array(rows * n);
  const [means, inverses] = [new Float64Array(rows), new Float64Array(rows)];
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from({ length: n }, (_, j) => x[i * n + j]);
    means[i] = sum(row) / n;
    inverses[i] = 1 / Math.sqrt(sum(row.map((value) => (value - means[i]) ** 2)) / n + epsilon);
    for (let j = 0; j < n; j++) {
      y[i * n + j] = (row[j] - means[i]) * inverses[i] * weight[j] + bias[j];
    }
  }
  return { y, means, inverses };
}

/** Gradients of {@link layerNormReference}. */
export interface LayerNormGradients {
  readonly dx: Float64Array;
  readonly dWeight: Float64Array;
  readonly dBias: Float64Array;
}

/** The gradients for x, weight and bias, given that of y. */
export function layerNormGradientReference(
  operands: LayerNormOperands,
  dy: ArrayLike<number>,
): LayerNormGradients {
  const { x, weight, rows, n } = operands;
  const { means, inverses } = layerNormReference(operands);
  const dx = new Float64Array(rows * n);
  const [dWeight, dBias] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < rows; i++) {
    const h = Float64Array.from({ length: n }, (_, j) => (x[i * n + j] - means[i]) * inverses[i]);
    const g = Float64Array.from({ length: n }, (_, j) => dy[i * n + j] * weight[j]);
    const [mean, moment] = [sum(g) / n, sum(g.map((value, j) => value * h[j])) / n];
    for (let j = 0; j < n; j++) {
      dx[i * n + j] = inverses[i] * (g[j] - mean - h[j] * moment);
      dWeight[j] += dy[i * n + j] * h[j];
      dBias[j] += dy[i * n + j];
    }
  }
  return { dx, dWeight, dBias };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
