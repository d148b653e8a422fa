export { init, type InitOptions } from './init.js';
export type { HistoryRow, HistoryValue, WandbHistogram } from './run-record.js';
export type { WandbTimings, WandbMode, WandbServer } from './settings.js';
export { RunRecordError } from './run-record.js';
export { syncRun, type SyncedRun, type SyncOptions } from './sync-run.js';
export { WandbError } from './wandb-error.js';
export type { LogOptions, WandbRun, WatchKind } from './wandb-run.js';
