export { outcomeOf, ranked, type TrialOutcome } from './outcome.js';
export { lossOf, SweepPlan, type Trial } from './plan.js';
export { type Job, jobKey, parseResult, parseResults, type Result, resultLine } from './results.js';
export {
  type ExecuteJob,
  type JobResult,
  runSweep,
  type RunSweepOptions,
  type SweepEvent,
  type SweepOutcome,
  type TrialJob,
} from './run-sweep.js';
export { samplers, type SamplerName } from './samplers/index.js';
export type { Observation, Sampler, SamplerKind, SamplerOptions } from './samplers/sampler.js';
export { makeScheduler } from './schedulers/index.js';
export type { Promotion, Scheduler } from './schedulers/scheduler.js';
export {
  pausesOf,
  successiveHalving,
  type SuccessiveHalvingOptions,
} from './schedulers/successive-halving.js';
export type { Dimension, Point, SettingValue, Space, When } from './space/space.js';
export {
  type Objective,
  objectives,
  parseSweep,
  type RawSweep,
  settingsOfTrial,
  type Sweep,
  type TrialSettingsOptions,
} from './sweep.js';
export { sweepPreset, sweepPresets } from './presets.js';
export {
  computeOptimal,
  exponentOfN,
  fitPowerLaw,
  fitScalingLaw,
  frontier,
  parseScalingPoints,
  predictLoss,
  predictPower,
  TableError,
  whatPointsLack,
  type BootstrapOptions,
  type ComputeOptimum,
  type ComputeOptions,
  type CostedPoint,
  type Interval,
  type PowerLaw,
  type PowerLawFit,
  type PowerLawOptions,
  type ScalingColumns,
  type ScalingLaw,
  type ScalingLawFit,
  type ScalingLawKey,
  type ScalingLawOptions,
  type ScalingPoint,
  type ScalingTable,
} from './scaling/index.js';
