export type { BootstrapOptions } from './bootstrap.js';
export { computeOptimal, frontier } from './compute-optimal.js';
export type { ComputeOptimum, ComputeOptions } from './compute-optimal.js';
export { exponentOfN, fitScalingLaw } from './fit-scaling-law.js';
export type { ScalingLawFit, ScalingLawKey, ScalingLawOptions } from './fit-scaling-law.js';
export type { Interval } from './interval.js';
export { fitPowerLaw, predictPower } from './power-law.js';
export type { PowerLaw, PowerLawFit, PowerLawOptions } from './power-law.js';
export { predictLoss, type ScalingLaw, type ScalingPoint } from './scaling-law.js';
