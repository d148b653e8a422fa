import type { BinaryName, ComparisonName, UnaryName } from '../kernels/kernel-functions.js';
import { erf } from './erf.js';
import { gelu } from './gelu.js';

/** What each binary kernel computes for one pair of values, in double precision. */
export const binaryReference: Readonly<Record<BinaryName, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  squaredDifference: (x, y) => (x - y) ** 2,
  /** x is what ReLU was given or gave, y the gradient of its result. */
  reluGradient: (x, y) => (x > 0 ? y : 0),
};

/** What each comparison answers for one pair of values. */
export const comparisonReference: Readonly<
  Record<ComparisonName, (x: number, y: number) => boolean>
> = {
  greater: (x, y) => x > y,
  greaterEqual: (x, y) => x >= y,
  equal: (x, y) => x === y,
};

/** What each unary kernel computes for one value; `castInt` reads int32. */
export const unaryReference: Readonly<Record<UnaryName, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  negate: (x) => -x,
  exp: (x) => Math.exp(x),
  log: (x) => Math.log(x),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf,
  gelu: (x) => gelu(x, 'none'),
  geluByTanh: (x) => gelu(x, 'tanh'),
  squareRoot: (x) => Math.sqrt(x),
  reciprocalSquareRoot: (x) => 1 / Math.sqrt(x),
  squares: (x) => x * x,
  castInt: (x) => x,
};
