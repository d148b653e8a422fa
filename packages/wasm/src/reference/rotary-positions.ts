/** Rows of heads, and where they stand. */
export interface RotaryOperands {
  /** `[rows, heads, d]` */
  readonly x: ArrayLike<number>;
  /** Of T rows, then of the next T. */
  readonly positions: readonly number[];
  /** `[length, d]`: cosines, then sines of the angles of each position. */
  readonly rotations: ArrayLike<number>;
  readonly rows: number;
  readonly heads: number;
  readonly d: number;
  /** The other way round. */
  readonly back: boolean;
}

/** Channels i and i + d/2 of each head turned by the angle of their row's position; in double precision. */
export function rotaryReference(operands: RotaryOperands): Float64Array {
  const { x, positions, rotations, rows, heads, d, back } = operands;
  const y = new Float64Array(rows * heads * d);
  for (let at = 0; at < y.length; at++) {
    const row = Math.floor(at / (heads * d));
    const i = at % d;
    const turn = positions[row % positions.length] * d + (i % (d / 2));
    const isFirst = i < d / 2;
    const other = x[at + (isFirst ? d / 2 : -d / 2)];
    const sine = rotations[turn + d / 2] * (isFirst === back ? 1 : -1);
    y[at] = x[at] * rotations[turn] + other * sine;
  }
  return y;
}
