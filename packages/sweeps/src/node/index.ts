export {
  JobProcessError,
  processPool,
  type ProcessPool,
  type ProcessPoolOptions,
  type RunJobOptions,
} from './process-pool.js';
export { serveJobs, type ServeOptions, type Work } from './serve-jobs.js';
