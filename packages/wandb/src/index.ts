export type { ConsoleStream } from './facts/printed-lines.js';
export { withoutSecrets } from './facts/secrets.js';
export type { SystemMetrics } from './facts/system-metrics.js';
export { init, type InitOptions } from './init.js';
export type { LogOptions, WandbRun } from './run.js';
export type { RunOptions } from './run-options.js';
export type { OnMessage } from './server/background-sender.js';
export { WandbError } from './server/wandb-error.js';
export type { WandbMode, WandbServer } from './settings/settings.js';
export type { WandbTimings } from './settings/timings.js';
export type { ArtifactOptions } from './spool/artifact-record.js';
export { RunRecordError } from './spool/run-record.js';
export type { HistoryRow, HistoryValue, Resume, RunConfig } from './spool/run-record.js';
export { syncRun, type SyncedRun, type SyncOptions } from './sync-run.js';
export { trainingListener } from './training-listener.js';
export type {
  TrainingEvent,
  TrainingListenerOptions,
  WatchedValues,
  WatchKind,
} from './training-listener.js';
export { histogram, type BinnedValues, type WandbHistogram } from './values/histogram.js';
export {
  table,
  type Table,
  type TableCell,
  type TableFile,
  type WandbTable,
} from './values/table.js';
