/** Kernels that replace several operations. `rate`, `step`, `scale` (or 0) and `counter` are addresses of one value. */
export interface FusedKernels {
  /** `to` may be x. */
  softmax(x: number, to: number, rows: number, n: number): void;
  /** `to` may be x. */
  logSoftmax(x: number, to: number, rows: number, n: number): void;
  softmaxCrossEntropy(
    ...args: [
      logits: number,
      targets: number,
      losses: number,
      probabilities: number,
      rows: number,
      n: number,
    ]
  ): void;
  /** `to` may be the probabilities. */
  softmaxCrossEntropyGradient(
    ...args: [
      probabilities: number,
      targets: number,
      dLosses: number,
      to: number,
      rows: number,
      n: number,
    ]
  ): void;
  /**
   * `y` may be x. With a residual (else 0) `sum`, which takes the place of x; both may lie where one of the two does. Bias and means
   * may be 0 for none.
   */
  layerNorm(
    ...args: [
      x: number,
      residual: number,
      weight: number,
      bias: number,
      sum: number,
      y: number,
      means: number,
      inverses: number,
      rows: number,
      n: number,
      epsilon: number,
    ]
  ): void;
  /** `dx` may be x, dy or the residual, which is added to it (else 0). Means and `dBias` may be 0 for none. Scratch, where there are more than LONG rows: 4 n values. */
  layerNormGradient(
    ...args: [
      x: number,
      weight: number,
      means: number,
      inverses: number,
      dy: number,
      residual: number,
      dx: number,
      dWeight: number,
      dBias: number,
      rows: number,
      n: number,
      scratch: number,
    ]
  ): void;
  /**
   * Rows of queries lie `queryRow` apart, those of keys and values `sharedRow`. `rate` and `seed` of the dropout; with rate 0 no
   * counter is read. Scratch: `attentionScratch`.
   */
  causalAttention(
    ...args: [
      query: number,
      queryRow: number,
      key: number,
      value: number,
      sharedRow: number,
      starts: number,
      counter: number,
      y: number,
      sums: number,
      ...AttentionNumbers,
    ]
  ): void;
  /** The same; what is written has the rows of what it is the gradient for. */
  causalAttentionGradient(
    ...args: [
      query: number,
      queryRow: number,
      key: number,
      value: number,
      sharedRow: number,
      starts: number,
      counter: number,
      sums: number,
      dy: number,
      dQuery: number,
      dKey: number,
      dValue: number,
      ...AttentionNumbers,
    ]
  ): void;
  /** Of the newest position of each row. Scratch: T + d values. */
  cachedAttention(
    ...args: [
      query: number,
      keys: number,
      values: number,
      positions: number,
      y: number,
      B: number,
      T: number,
      heads: number,
      kvHeads: number,
      d: number,
      scratch: number,
    ]
  ): void;
  /** Rows of `bytes`, n of them into each T; those at positions beyond are left out. */
  writeRows(
    ...args: [
      rows: number,
      positions: number,
      to: number,
      B: number,
      n: number,
      T: number,
      bytes: number,
    ]
  ): void;
  /** Rows of 2 C; the factors may lie where x does. */
  gatedActivation(x: number, y: number, factors: number, rows: number, C: number): void;
  /** `dx` may be the factors. */
  gatedActivationGradient(factors: number, dy: number, dx: number, rows: number, C: number): void;
  /** `to` may be either. */
  swiglu(gate: number, x: number, to: number, n: number): void;
  /** What is written may lie where the operands do. */
  swigluGradient(
    ...args: [gate: number, x: number, dy: number, dGate: number, dX: number, n: number]
  ): void;
  /** `positions` of T rows, `table` of cosines and sines `[length, d]`; `to` may be x. */
  rotate(
    ...args: [
      x: number,
      positions: number,
      table: number,
      to: number,
      rows: number,
      T: number,
      heads: number,
      d: number,
      back: number,
    ]
  ): void;
  /** Rows of 3 H in the order r, z, n; states of H. */
  gruCell(
    ...args: [
      input: number,
      hidden: number,
      state: number,
      next: number,
      gates: number,
      rows: number,
      H: number,
    ]
  ): void;
  gruCellGradient(
    ...args: [
      gates: number,
      hidden: number,
      state: number,
      dy: number,
      dInput: number,
      dHidden: number,
      dState: number,
      rows: number,
      H: number,
    ]
  ): void;
  /** Rows of 4 H in the order i, f, g, o; states of H. The gates may lie where x does, the next cell where the cell does. */
  lstmCell(
    ...args: [
      x: number,
      cell: number,
      hidden: number,
      next: number,
      gates: number,
      rows: number,
      H: number,
    ]
  ): void;
  /** `dx` may be the gates, `dCell` what else is of its size. */
  lstmCellGradient(
    ...args: [
      gates: number,
      cell: number,
      next: number,
      dHidden: number,
      dNext: number,
      dx: number,
      dCell: number,
      rows: number,
      H: number,
    ]
  ): void;
  /** `to` may be x or dy. */
  geluGradient(x: number, dy: number, to: number, n: number): void;
  /** `to` may be x or dy. */
  geluByTanhGradient(x: number, dy: number, to: number, n: number): void;
  /** `to` may be x. */
  seededDropout(
    ...args: [x: number, counter: number, to: number, rate: number, seed: number, n: number]
  ): void;
  /** `t` is the address of one value; `to` may be either of the others. */
  lerp(a: number, b: number, t: number, to: number, n: number): void;
  /** `share` is the address of one value. What is written may lie where the operands do. */
  scheduleFreeUpdate(
    ...args: [
      y: number,
      gradient: number,
      z: number,
      second: number,
      rate: number,
      step: number,
      share: number,
      scale: number,
      toY: number,
      toZ: number,
      toSecond: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      weightDecay: number,
      n: number,
    ]
  ): void;
  /** What is written may lie where the operands do. */
  momentumUpdate(
    ...args: [
      w: number,
      gradient: number,
      velocity: number,
      rate: number,
      step: number,
      scale: number,
      toW: number,
      toVelocity: number,
      momentum: number,
      dampening: number,
      nesterov: number,
      weightDecay: number,
      n: number,
    ]
  ): void;
  /** What is written may lie where the operands do. */
  adamUpdate(
    ...args: [
      w: number,
      gradient: number,
      first: number,
      second: number,
      rate: number,
      step: number,
      scale: number,
      toW: number,
      toFirst: number,
      toSecond: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      weightDecay: number,
      decoupled: number,
      n: number,
    ]
  ): void;
}

type AttentionNumbers = [
  B: number,
  T: number,
  heads: number,
  kvHeads: number,
  d: number,
  rate: number,
  seed: number,
  scratch: number,
];
