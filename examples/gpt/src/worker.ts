// The module of a worker: a backend and a replica of its own.
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { makeReplica, type ReplicaData } from './replica.js';

serveWorker(async (data) => {
  await startBackend();
  const { model, optimizer } = makeReplica(data as ReplicaData);
  return { model, optimizer, compile };
});
