// The entry of the threads that the command starts.
import { workerData } from 'node:worker_threads';
import { makeReplica, type ReplicaData } from '@llm101/runs';
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { serveScores, type ScoreThreadData } from './threads/score-thread.js';

const { role } = Object(workerData) as Partial<ScoreThreadData>;
if (role === 'scores') {
  void serveScores(workerData as ScoreThreadData);
} else {
  serveWorker(async (data) => {
    const { settings } = data as ReplicaData;
    await startBackend({ relaxedSimd: settings?.relaxedSimd ?? false });
    return makeReplica(data, compile);
  });
}
