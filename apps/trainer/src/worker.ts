// The entry of the threads that the command starts.
import { workerData } from 'node:worker_threads';
import { serveScores, type ScoreThreadData } from './threads/score-thread.js';

const data = workerData as ScoreThreadData;
void serveScores(data);
