export { init, type InitOptions } from './init.js';
export type { HistoryRow, HistoryValue, WandbHistogram } from './run-record.js';
export { syncRun, type SyncedRun } from './sync-run.js';
export type { WandbTimings } from './timings.js';
export { WandbError } from './wandb-error.js';
export type { LogOptions, WandbRun, WatchKind } from './wandb-run.js';
export type { WandbMode, WandbServer } from './wandb-settings.js';
