import type { UnitOptions } from '../unit-options.js';

/** Estimates the entropy of a distribution from how often each symbol was drawn. */
export type EntropyEstimator = (counts: ArrayLike<number>, options?: UnitOptions) => number;
