export { runCheckpoints, type RunCheckpointsOptions } from './checkpoints.js';
export type { RunCompile } from './compiler.js';
export { availableCores, chooseWorkers, workersOf } from './cores.js';
export type { Device } from './decided-settings.js';
export { reasonForWasm } from './device.js';
export { type SettingErrorOptions, TextError, UsageError, UserError } from './errors.js';
export { type ExamplesName, lineEndsOf } from './text/examples-name.js';
export {
  encodeFingerprint,
  type Fingerprint,
  fingerprintOf,
  hashFingerprint,
  hashSettings,
  tensorsSha256,
  type WeightsFingerprint,
  weightsSha256,
} from './fingerprint.js';
export {
  keptSteps,
  type KeptSteps,
  memoryLogs,
  type MemoryLogs,
  type RunLogs,
} from './folder/logs.js';
export {
  type OpenedRunFolder,
  openRunFolder,
  parseFingerprint,
  settingsOfConfig,
} from './folder/open-run-folder.js';
export { type Files, runFolderFiles, type RunFolderParts } from './folder/run-folder-files.js';
export {
  aboutSteps,
  type FlopCount,
  trainingCost,
  type TrainingCost,
  trainingFlop,
} from './flop.js';
export { fitInitial, type InitialModel, initialSettings } from './initial.js';
export { bytesOfStep, LESS_MEMORY, type RunSizes } from './memory.js';
export {
  evaluationOf,
  leastScored,
  examplesOf,
  makeModel,
  type ModelConfig,
  modelKinds,
  type ModelName,
  modelNames,
  multiplicationsOf,
  multiplicationsOfWindow,
  parameterCount,
  parseModelConfig,
} from './models/index.js';
export type {
  BlockOrder,
  ExampleMaker,
  Examples,
  ExamplesOptions,
  ExamplesSettings,
  ModelKind,
  Network,
  Products,
  Reads,
  RowSize,
  SharedSettings,
  ValidationOptions,
} from './models/model-kind.js';
export {
  makeOptimizer,
  optimizerKinds,
  optimizerNames,
  type OptimizerSettings,
} from './optimizers.js';
export { FIRST_STEPS, FirstLosses, RunOutcome } from './outcome.js';
export type { ChoiceLabel } from './form/choices.js';
export { costOfRun, type RunCost } from './form/run-cost.js';
export type { SettingPaper } from './form/papers.js';
export { settingPapers } from './form/setting-papers.js';
export {
  settingForm,
  type SettingChoice,
  type SettingControl,
  type SettingForm,
} from './form/setting-form.js';
export { checkBlock } from './text/checks.js';
export {
  type BlockData,
  type DataSettings,
  type LineData,
  prepareData,
  type PreparedData,
  splitData,
  withAnswers,
} from './text/prepare-data.js';
export {
  type BlockSet,
  isStream,
  type LineSet,
  type TextPart,
  scoredCount,
  tokenCount,
} from './text/text-part.js';
export { sampleAnswers, type SampleAnswersOptions } from './sample-answers.js';
export { samplePrompt, type SampledModel, type SamplePrompt } from './sample-prompt.js';
export {
  decidedSettings,
  modelConfigOf,
  MOST_SCORED,
  type RunSettings,
} from './decided-settings.js';
export { Run, type RunTrainOptions, samplesOf } from './run.js';
export { makeReplica, type ReplicaData } from './replica.js';
export {
  type TextInfo,
  type TokenizedText,
  tokenizeText,
  type TokenizeOptions,
} from './text/tokenize-text.js';
export { runTraining, type RunTrainingOptions, type TrainedRun } from './run-training.js';
export {
  encodeModel,
  type ModelParts,
  openModel,
  readModel,
  type SavedModel,
} from './saved-model.js';
export { makeSchedule, scheduleKinds, scheduleNames, type ScheduleSettings } from './schedules.js';
export { presetNames, presets } from './settings/presets.js';
export { contradictionsOf } from './settings/contradictions.js';
export { commandOf, flagsOf, type SettingFlags } from './settings/flags-of.js';
export {
  layerOf,
  type SettingLayer,
  settingLayers,
  type SettingSources,
  variableOf,
} from './settings/layers.js';
export {
  checkSettings,
  givenSettings,
  resolveLeniently,
  resolveSettings,
  resolveSome,
  settingProblems,
} from './settings/resolve.js';
export { parseSetting } from './settings/parse-setting.js';
export { otherNames, suggest, suggestSetting } from './settings/suggest.js';
export { problemOfError, type SettingProblem } from './settings/setting-problem.js';
export { between, flagOf, fractionUpTo1, type NumberValues, positive, whole } from './rules.js';
export { isRead } from './settings/readers.js';
export type { SettingHelp } from './settings/setting-help.js';
export { decisiveSettings, laterSettings, resumeObstacles } from './settings/resume.js';
export {
  defaultSettings,
  hashes,
  isNumeric,
  type RawSettings,
  settingHelp,
  type SettingKey,
  settingKeys,
  type Settings,
  settingsSchema,
  wholeNumbers,
} from './settings/settings.js';
export {
  SPLIT_SETTINGS,
  type SplitSettings,
  splitSettingsSchema,
} from './settings/split-settings.js';
export { textBits, type TextEvaluation, withTextBits } from './text/bits.js';
export {
  fitTokenizer,
  openTokenizer,
  type OpenTokenizerOptions,
  parseTokenizer,
  tokenizerFor,
  tokenizerKinds,
  tokenizerNames,
  type TokenizerSettings,
} from './text/tokenizers.js';
