export {
  Checkpoints,
  type CheckpointedRun,
  type CheckpointsOptions,
  type CheckpointsOutcome,
} from './checkpoints/checkpoints.js';
export type { EarlierArithmetic } from './checkpoints/earlier-arithmetic.js';
export type { Resumed, ResumeOptions, RunParts } from './checkpoints/load-newest.js';
export {
  loaderPart,
  loadParts,
  optimizerPart,
  variablesPart,
  type CheckpointPart,
  type CheckpointParts,
  type SavedPart,
} from './checkpoints/parts.js';
export { differencesOf, OtherRunError } from './checkpoints/identity.js';
export { indexedDbStore } from './checkpoints/indexed-db-store.js';
export { downloadStore, StoreInUseError, type CheckpointStore } from './checkpoints/stores.js';
export {
  exportCheckpoint,
  importCheckpoint,
  type ExportedCheckpoint,
} from './checkpoints/transfer.js';
export { describeError } from './describe-error.js';
export {
  evaluate,
  evaluator,
  type EvaluateOptions,
  type Evaluation,
  type EvaluationData,
  type EvaluationProgress,
  type Evaluator,
} from './evaluation/evaluate.js';
export { bitsPerText, type TextBits, type TextMeasures } from './evaluation/text-bits.js';
export { NextTokenCounts } from './evaluation/next-token-counts.js';
export {
  InfiniteLoader,
  type InfiniteLoaderOptions,
  type LoaderState,
  type PassSource,
} from './infinite-loader.js';
export type { Between, BetweenSteps } from './loop/between.js';
export { isPatienceUsed, type Best, type EarlyStoppingOptions } from './loop/early-stopping.js';
export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateSearch,
  type RateFinding,
  type RatePoint,
} from './loop/find-learning-rate.js';
export { linesUntil, logLine, type LogName, logRows } from './loop/log-rows.js';
export { RunningMean, StepRate, type RunningMeanState } from './loop/meters.js';
export type { TrainOptions } from './loop/train-options.js';
export { DivergenceError, train } from './loop/train.js';
export {
  nonFatal,
  type EndReason,
  type Metrics,
  type RunConfig,
  type TrainingEvent,
  type TrainingListener,
} from './loop/training-event.js';
export { adam, adamw, type AdamOptions, type AdamSettings } from './optimizers/adam.js';
export { averageWeights, type AverageOptions } from './optimizers/average-weights.js';
export {
  gradientOptimizer,
  type GradientOptimizerOptions,
} from './optimizers/gradient-optimizer.js';
export {
  addGradients,
  clipByGlobalNorm,
  type Gradients,
  type LossGradients,
} from './optimizers/gradients.js';
export { muon, muonGroups, type MuonOptions, type MuonSettings } from './optimizers/muon.js';
export {
  decayMatrices,
  type Directions,
  type Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type ParameterList,
} from './optimizers/optimizer.js';
export {
  scheduleFreeAdamW,
  type ScheduleFreeOptions,
  type ScheduleFreeSettings,
} from './optimizers/schedule-free.js';
export {
  constantRate,
  cosineDecay,
  linearDecay,
  oneCycle,
  stepDecay,
  warmUp,
  type DecayOptions,
  type OneCycleOptions,
  type Schedule,
  type StepDecayOptions,
} from './optimizers/schedules.js';
export { sgd, type SgdOptions, type SgdSettings } from './optimizers/sgd.js';
export type {
  Direction,
  OptimizerSettings,
  Remembered,
  Update,
  UpdateRule,
} from './optimizers/update-rule.js';
export type { AnyWorker } from './parallel/ports.js';
export { serveWorker, type ReplicaParts } from './parallel/serve-worker.js';
export { WorkerError } from './parallel/worker-error.js';
export type { Workers } from './parallel/training-workers.js';
export { startWorkers, type WorkersOptions } from './parallel/workers.js';
export {
  decodeCheckpoint,
  encodeCheckpoint,
  CheckpointError,
  type Checkpoint,
  type Json,
  type PartState,
} from './state/checkpoint.js';
export type { NamedVariables } from './state/variables.js';
export {
  interpret,
  type Compile,
  type Compiled,
  type CompileSettings,
  type Feeds,
  type TensorValues,
} from './step/compile.js';
export { crossEntropy } from './step/cross-entropy.js';
export { runOnBatch, stepOf, type BatchTensors, type StepOnTensors } from './step/train-step.js';
export {
  everyPosition,
  type SequenceModel,
  type Mode,
  type Trainable,
  type WithLayers,
  type WithParameters,
} from './step/trainable.js';
export {
  distributionOf,
  histogramEdges,
  jointNorm,
  sampleDeviation,
  type Distribution,
  type HistogramOptions,
} from './watch/distribution.js';
export {
  watchActivations,
  type ActivationWatch,
  type ActivationWatchOptions,
  type WatchedActivation,
} from './watch/watch-activations.js';
export {
  watchParameters,
  type ParameterWatch,
  type WatchedParameter,
} from './watch/watch-parameters.js';
