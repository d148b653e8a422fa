/** Operands of {@link matmulReference}; `a` is `[M, K]`, or `[K, M]` when it is transposed, `b` `[K, N]`. */
export interface MatmulOperands {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly transposeA?: boolean;
  /** `[N]` */
  readonly bias?: ArrayLike<number>;
  readonly relu?: boolean;
}

/** `A B (+ bias, then ReLU)`, `[M, N]`, summed in double precision. */
export function matmulReference(operands: MatmulOperands): Float64Array {
  const { a, b, M, N, K, transposeA = false, bias, relu = false } = operands;
  const c = new Float64Array(M * N);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a[transposeA ? k * M + i : i * K + k] * b[k * N + j];
      if (bias !== undefined) sum += bias[j];
      c[i * N + j] = relu ? Math.max(sum, 0) : sum;
    }
  }
  return c;
}
