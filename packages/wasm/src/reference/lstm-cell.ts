/** Rows of a cell's sums and of what it remembers. */
export interface LstmOperands {
  /** `[rows, 4 H]`, in the order i, f, g, o */
  readonly x: ArrayLike<number>;
  /** `[rows, H]` */
  readonly cell: ArrayLike<number>;
  readonly rows: number;
  readonly H: number;
}

/** The next hidden states and cells of `nn.LSTMCell`, in double precision, and its gates. */
export function lstmCellReference({ x, cell, rows, H }: LstmOperands): {
  readonly hidden: Float64Array;
  readonly next: Float64Array;
  readonly gates: Float64Array;
} {
  const [hidden, next] = [new Float64Array(rows * H), new Float64Array(rows * H)];
  const gates = new Float64Array(rows * 4 * H);
  for (let at = 0; at < rows * H; at++) {
    const [i, f, g, o] = placesOf(at, H);
    for (const place of [i, f, o]) gates[place] = 1 / (1 + Math.exp(-x[place]));
    gates[g] = Math.tanh(x[g]);
    next[at] = gates[f] * cell[at] + gates[i] * gates[g];
    hidden[at] = gates[o] * Math.tanh(next[at]);
  }
  return { hidden, next, gates };
}

/** The gradients for x and cell, given those of hidden state and next cell. */
export function lstmCellGradientReference(
  operands: LstmOperands,
  dHidden: ArrayLike<number>,
  dNext: ArrayLike<number>,
): { readonly dx: Float64Array; readonly dCell: Float64Array } {
  const { cell, rows, H } = operands;
  const { gates, next } = lstmCellReference(operands);
  const [dx, dCell] = [new Float64Array(rows * 4 * H), new Float64Array(rows * H)];
  for (let at = 0; at < rows * H; at++) {
    const [i, f, g, o] = placesOf(at, H);
    const t = Math.tanh(next[at]);
    const d = dNext[at] + dHidden[at] * gates[o] * (1 - t * t);
    dx[i] = d * gates[g] * slope(gates[i]);
    dx[f] = d * cell[at] * slope(gates[f]);
    dx[g] = d * gates[i] * (1 - gates[g] ** 2);
    dx[o] = dHidden[at] * t * slope(gates[o]);
    dCell[at] = d * gates[f];
  }
  return { dx, dCell };
}

/** The slope of a sigmoid by its value. */
const slope = (gate: number): number => gate * (1 - gate);

/** Where i, f, g and o of a state's number stand. */
function placesOf(at: number, H: number): [number, number, number, number] {
  const first = Math.floor(at / H) * 4 * H + (at % H);
  return [first, first + H, first + 2 * H, first + 3 * H];
}
