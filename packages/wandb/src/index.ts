export { histogram, type BinnedValues, type WandbHistogram } from './histogram.js';
export { init, type InitOptions } from './init.js';
export type { LogOptions, WandbRun } from './run.js';
export { WandbError } from './server/wandb-error.js';
export type { WandbTimings, WandbMode, WandbServer } from './settings/settings.js';
export { RunRecordError } from './spool/run-record.js';
export type { HistoryRow, HistoryValue, RunConfig } from './spool/run-record.js';
export { syncRun, type SyncedRun, type SyncOptions } from './sync-run.js';
export { trainingListener } from './training-log.js';
export type {
  TrainingEvent,
  TrainingListenerOptions,
  WatchedValues,
  WatchKind,
} from './training-log.js';
