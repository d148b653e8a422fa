export type { AdamSettings } from './adam-rule.js';
export { adam, type AdamOptions } from './adam.js';
export { adamw } from './adamw.js';
export { clipByGlobalNorm } from './clip-by-global-norm.js';
export type { Compile, Compiled } from './compile.js';
export { constantRate } from './constant-rate.js';
export { cosineDecay, type CosineDecayOptions } from './cosine-decay.js';
export { crossEntropy } from './cross-entropy.js';
export { DivergenceError } from './divergence-error.js';
export { evaluate, type Evaluation, type EvaluationData } from './evaluate.js';
export {
  InfiniteLoader,
  type InfiniteLoaderOptions,
  type LoaderState,
  type PassSource,
} from './infinite-loader.js';
export { NextTokenCounts } from './next-token-counts.js';
export { oneCycle, type OneCycleOptions } from './one-cycle.js';
export type { Optimizer, OptimizerState } from './optimizer.js';
export { decayMatrices, type ParameterGroup, type ParameterList } from './parameter-group.js';
export { RunningMean } from './running-mean.js';
export type { Schedule } from './schedule.js';
export { sgd, type SgdOptions, type SgdSettings } from './sgd.js';
export { stepDecay, type StepDecayOptions } from './step-decay.js';
export { StepRate } from './step-rate.js';
export type { TrainOptions } from './train-options.js';
export { stepOf, trainStep, type StepOnTensors } from './train-step.js';
export { train } from './train.js';
export type { Trainable } from './trainable.js';
export type { EndReason, Metrics, TrainingEvent, TrainingListener } from './training-event.js';
export { warmUp } from './warm-up.js';
export { CheckpointError } from './checkpoint-error.js';
export type { CheckpointStore } from './checkpoint-store.js';
export {
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type Json,
  type PartState,
} from './checkpoint.js';
export {
  loaderPart,
  loadParts,
  optimizerPart,
  variablesPart,
  type CheckpointPart,
  type CheckpointParts,
} from './checkpoint-parts.js';
export { Checkpoints, type CheckpointsOptions } from './checkpoints.js';
export { resume, type ResumeOptions, type Resumed } from './resume.js';
export type { Best, EarlyStoppingOptions } from './early-stopping.js';
export type { RunParts } from './run-state.js';
export { downloadStore } from './download-store.js';
export { indexedDbStore } from './indexed-db-store.js';
export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateSearch,
} from './find-learning-rate.js';
export type { RatePoint } from './steepest-rate.js';
