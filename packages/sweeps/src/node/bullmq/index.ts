export { parseQueueUrl, type QueueAddress, withoutPassword } from './address.js';
export { checkQueue, openQueueHome } from './open-home.js';
export { TEXT_BYTES, type QueueHome, type QueueHomeOptions, type QueueOptions } from './options.js';
export {
  fileSettings,
  type FilePlace,
  type FileSetting,
  jobMessage,
  parseJob,
  parseResultOf,
  type QueuedJob,
} from './messages.js';
export { pack, type RunFiles, travels, unpack } from './pack.js';
export type { QueueProgress } from './progress.js';
export { TooLargeError } from './store.js';
export {
  type QueueWorkerEvent,
  type QueueWorkerOptions,
  type QueueWorkOptions,
  type QueueWorkResult,
} from './worker-options.js';
export { runQueueWorker } from './worker.js';
