/** Rows of scores. */
export interface ScoreRows {
  /** `[rows, n]` */
  readonly x: ArrayLike<number>;
  readonly rows: number;
  readonly n: number;
}

/** `e^x / Σ e^x` of each row, in double precision. */
export function softmaxReference(given: ScoreRows): Float64Array {
  return logSoftmaxReference(given).map((value) => Math.exp(value));
}

/** `x - ln Σ e^x` of each row, in double precision. A row with NaN or ∞ is NaN, ∞ - ∞. */
export function logSoftmaxReference({ x, rows, n }: ScoreRows): Float64Array {
  const out = new Float64Array(rows * n);
  for (let i = 0; i < rows; i++) {
    const row = Array.from({ length: n }, (_, j) => x[i * n + j]);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
    for (const [j, value] of row.entries()) out[i * n + j] = value - most - Math.log(sum);
  }
  return out;
}

/** `-ln softmax(x)[target]` of each row; of a target out of range NaN. */
export function crossEntropyReference(given: ScoreRows, targets: ArrayLike<number>): Float64Array {
  const logs = logSoftmaxReference(given);
  const { rows, n } = given;
  return Float64Array.from({ length: rows }, (_, i) =>
    targets[i] >= 0 && targets[i] < n ? -logs[i * n + targets[i]] : NaN,
  );
}

/** `(p - [j = target]) dLoss` for each probability. */
export function crossEntropyGradientReference(
  { x: probabilities, rows, n }: ScoreRows,
  targets: ArrayLike<number>,
  dLosses: ArrayLike<number>,
): Float64Array {
  return Float64Array.from({ length: rows * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (probabilities[at] - (j === targets[i] ? 1 : 0)) * dLosses[i];
  });
}
