/** Rows of values and gates side by side, `[rows, 2 C]`. */
export interface GatedOperands {
  readonly x: ArrayLike<number>;
  readonly rows: number;
  readonly C: number;
}

/** `tanh(values) σ(gates)`, in double precision, and both factors. */
export function gatedActivationReference({ x, rows, C }: GatedOperands): {
  readonly y: Float64Array;
  readonly factors: Float64Array;
} {
  const y = new Float64Array(rows * C);
  const factors = new Float64Array(rows * 2 * C);
  for (let i = 0; i < rows * C; i++) {
    const at = Math.floor(i / C) * 2 * C + (i % C);
    factors[at] = Math.tanh(x[at]);
    factors[at + C] = 1 / (1 + Math.exp(-x[at + C]));
    y[i] = factors[at] * factors[at + C];
  }
  return { y, factors };
}

/** The gradient for x, given that of y. */
export function gatedActivationGradientReference(
  operands: GatedOperands,
  dy: ArrayLike<number>,
): Float64Array {
  const { rows, C } = operands;
  const { factors } = gatedActivationReference(operands);
  const dx = new Float64Array(rows * 2 * C);
  for (let i = 0; i < rows * C; i++) {
    const at = Math.floor(i / C) * 2 * C + (i % C);
    const [value, gate] = [factors[at], factors[at + C]];
    dx[at] = dy[i] * gate * (1 - value * value);
    dx[at + C] = dy[i] * value * gate * (1 - gate);
  }
  return dx;
}
