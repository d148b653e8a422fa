// The module of the threads that `onThreads` trains on.
import { makeReplica } from '@examples/gpt';
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/** @import { ReplicaData } from '@examples/gpt' */

serveWorker(async (data) => {
  await startBackend({ wasmPaths: simdUrl });
  const { model, optimizer } = makeReplica(/** @type {ReplicaData} */ (data));
  return { model, optimizer, compile };
});
