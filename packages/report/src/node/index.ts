export { findRuns, type FoundRun } from './find-runs.js';
export { readObjective } from './read-objective.js';
export { readRun, type ReadRunOptions } from './read-run.js';
