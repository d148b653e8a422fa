export {
  JobProcessError,
  processPool,
  type ProcessPool,
  type ProcessPoolOptions,
  type RunJobOptions,
} from './process-pool.js';
export { serveJobs, type ServeJobsOptions, type Work, type WorkOptions } from './serve-jobs.js';
