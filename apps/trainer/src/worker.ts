// The entry of the threads that the command starts.
import { workerData } from 'node:worker_threads';
import { makeReplica } from '@llm101/runs';
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { serveScores, type ScoreThreadData } from './threads/score-thread.js';

const { role } = Object(workerData) as Partial<ScoreThreadData>;
if (role === 'scores') {
  void serveScores(workerData as ScoreThreadData);
} else {
  serveWorker(async (data) => {
    await startBackend();
    return makeReplica(data, compile);
  });
}
