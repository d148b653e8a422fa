export { interpret, type Compile, type Compiled } from './compile.js';
export { crossEntropy } from './cross-entropy.js';
export { distributionOf, histogramEdges, jointNorm, type Distribution } from './distribution.js';
export { DivergenceError } from './divergence-error.js';
export {
  evaluate,
  type EvaluateOptions,
  type Evaluation,
  type EvaluationData,
} from './evaluate.js';
export { guarded } from './guarded.js';
export { InfiniteLoader, type InfiniteLoaderOptions, type PassSource } from './infinite-loader.js';
export { NextTokenCounts } from './next-token-counts.js';
export type { Optimizer } from './optimizer.js';
export { RunningMean } from './running-mean.js';
export { sgd, type SgdOptions } from './sgd.js';
export { StepRate } from './step-rate.js';
export { train } from './train.js';
export type { TrainOptions } from './train-options.js';
export { stepOf, trainStep, type StepOnTensors } from './train-step.js';
export type { Trainable } from './trainable.js';
export type {
  EndReason,
  Metrics,
  RunConfig,
  TrainingEvent,
  TrainingListener,
} from './training-event.js';
export { watchParameters, type ParameterWatch, type WatchedParameter } from './watch-parameters.js';
