/** Rows of a cell's products and states. */
export interface GruOperands {
  /** `[rows, 3 H]`, in the order r, z, n */
  readonly input: ArrayLike<number>;
  /** `[rows, 3 H]` */
  readonly hidden: ArrayLike<number>;
  /** `[rows, H]` */
  readonly state: ArrayLike<number>;
  readonly rows: number;
  readonly H: number;
}

/** The next states of `nn.GRUCell`, in double precision, and its gates. */
export function gruCellReference({ input, hidden, state, rows, H }: GruOperands): {
  readonly next: Float64Array;
  readonly gates: Float64Array;
} {
  const next = new Float64Array(rows * H);
  const gates = new Float64Array(rows * 3 * H);
  for (let i = 0; i < rows * H; i++) {
    const [r, z, n] = placesOf(i, H);
    gates[r] = sigmoid(input[r] + hidden[r]);
    gates[z] = sigmoid(input[z] + hidden[z]);
    gates[n] = Math.tanh(input[n] + gates[r] * hidden[n]);
    next[i] = (1 - gates[z]) * gates[n] + gates[z] * state[i];
  }
  return { next, gates };
}

/** The gradients for input, hidden and state, given that of the next state. */
export function gruCellGradientReference(
  operands: GruOperands,
  dy: ArrayLike<number>,
): {
  readonly dInput: Float64Array;
  readonly dHidden: Float64Array;
  readonly dState: Float64Array;
} {
  const { hidden, state, rows, H } = operands;
  const { gates } = gruCellReference(operands);
  const [dInput, dHidden] = [new Float64Array(rows * 3 * H), new Float64Array(rows * 3 * H)];
  const dState = new Float64Array(rows * H);
  for (let i = 0; i < rows * H; i++) {
    const [r, z, n] = placesOf(i, H);
    dInput[n] = dy[i] * (1 - gates[z]) * (1 - gates[n] ** 2);
    dHidden[n] = dInput[n] * gates[r];
    dInput[z] = dHidden[z] = dy[i] * (state[i] - gates[n]) * gates[z] * (1 - gates[z]);
    dInput[r] = dHidden[r] = dInput[n] * hidden[n] * gates[r] * (1 - gates[r]);
    dState[i] = dy[i] * gates[z];
  }
  return { dInput, dHidden, dState };
}

/** Where r, z and n of a state's number stand. */
function placesOf(i: number, H: number): [number, number, number] {
  const first = Math.floor(i / H) * 3 * H + (i % H);
  return [first, first + H, first + 2 * H];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
