// The entry of the processes that do the trials of a sweep.
import { serveJobs } from '@llm101/sweeps/node';
import { runTrial } from './commands/train/run-trial.js';

// These are of one run: trials that share them would be one.
for (const name of ['WANDB_RUN_ID', 'WANDB_RESUME']) delete process.env[name];

serveJobs(runTrial, { isClean: ({ status }) => status !== 'failed' });
