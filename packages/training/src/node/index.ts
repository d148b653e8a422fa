export { fileStore, removeUnfinished } from './file-store.js';
export {
  checkUnlocked,
  isLockFile,
  lockFolder,
  LOCK_FILE,
  type FolderLock,
  type LockFolderOptions,
} from './folder-lock.js';
export type { ResumedLogOptions } from './log-file.js';
export { printable, printableJson } from '../printable.js';
export { formatDuration, progressBar, type ProgressBarOptions } from './progress-bar.js';
export { FileLimitError, readFileWithin, type ReadFileOptions } from './read-file.js';
export {
  statusLine,
  type StatusLine,
  type StatusLineOptions,
  type StatusStream,
} from './status-line.js';
export { tensorboardFile, type TensorboardFileOptions } from './tensorboard/tensorboard-file.js';
export { csvFile, metricsFile, samplesFile, statisticsFile } from './text-logs.js';
export {
  besideOf,
  writeFileWhole,
  writeFileWholeSync,
  type WriteFileWholeOptions,
} from './write-file-whole.js';
