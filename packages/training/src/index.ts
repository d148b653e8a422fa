export { adam, type AdamOptions } from './adam.js';
export type { AdamSettings } from './adam-rule.js';
export { adamw } from './adamw.js';
export {
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type Json,
  type PartState,
} from './checkpoint.js';
export { CheckpointError } from './checkpoint-error.js';
export {
  loaderPart,
  loadParts,
  optimizerPart,
  variablesPart,
  type CheckpointPart,
  type CheckpointParts,
} from './checkpoint-parts.js';
export type { CheckpointStore } from './checkpoint-store.js';
export { Checkpoints, type CheckpointsOptions } from './checkpoints.js';
export { clipByGlobalNorm } from './clip-by-global-norm.js';
export {
  interpret,
  type Compile,
  type Compiled,
  type Feeds,
  type TensorValues,
} from './compile.js';
export { constantRate } from './constant-rate.js';
export { cosineDecay, type CosineDecayOptions } from './cosine-decay.js';
export { crossEntropy } from './cross-entropy.js';
export { distributionOf, histogramEdges, jointNorm, type Distribution } from './distribution.js';
export { DivergenceError } from './divergence-error.js';
export { downloadStore } from './download-store.js';
export { isPatienceUsed, type Best, type EarlyStoppingOptions } from './early-stopping.js';
export {
  evaluate,
  evaluator,
  type EvaluateOptions,
  type Evaluation,
  type EvaluationProgress,
  type Evaluator,
} from './evaluate.js';
export { everyPosition, type SequenceModel } from './every-position.js';
export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateSearch,
} from './find-learning-rate.js';
export { guarded } from './guarded.js';
export { indexedDbStore } from './indexed-db-store.js';
export {
  InfiniteLoader,
  type InfiniteLoaderOptions,
  type LoaderState,
  type PassSource,
} from './infinite-loader.js';
export type { EvaluationData } from './judgements.js';
export type { NamedVariables } from './named-variables.js';
export { NextTokenCounts } from './next-token-counts.js';
export { oneCycle, type OneCycleOptions } from './one-cycle.js';
export type { Optimizer, OptimizerState } from './optimizer.js';
export { decayMatrices, type ParameterGroup, type ParameterList } from './parameter-group.js';
export { resume, type ResumeOptions, type Resumed } from './resume.js';
export type { RunParts } from './run-state.js';
export { RunningMean, type RunningMeanState } from './running-mean.js';
export type { Schedule } from './schedule.js';
export { sgd, type SgdOptions, type SgdSettings } from './sgd.js';
export type { RatePoint } from './steepest-rate.js';
export { stepDecay, type StepDecayOptions } from './step-decay.js';
export { StepRate } from './step-rate.js';
export { train } from './train.js';
export type { TrainOptions } from './train-options.js';
export { stepOf, trainStep, type BatchTensors, type StepOnTensors } from './train-step.js';
export type { Mode, Trainable, WithParameters } from './trainable.js';
export type {
  EndReason,
  Metrics,
  RunConfig,
  TrainingEvent,
  TrainingListener,
} from './training-event.js';
export { warmUp } from './warm-up.js';
export { watchParameters, type ParameterWatch, type WatchedParameter } from './watch-parameters.js';
