// The entry of the processes that do the trials of a sweep.
import { serveJobs } from '@llm101/sweeps/node';
import { runTrial } from './commands/train/run-trial.js';

serveJobs(runTrial, { isClean: ({ status }) => status !== 'failed' });
