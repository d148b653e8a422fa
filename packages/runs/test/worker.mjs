// A thread that computes shards of a run, as users write it.
import { makeReplica } from '@llm101/runs';
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';

serveWorker(async (data) => {
  await startBackend();
  return makeReplica(data, compile);
});
