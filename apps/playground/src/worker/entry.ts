/**
 * The one worker file: a session, which has a run, or a replica, which computes for a session. Both are here, as everything that a bundle of
 * its own has is loaded once more.
 */
import { makeReplica, type ReplicaData } from '@llm101/runs';
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { startSession } from './session.js';

const wasmPaths = new URL(wasm, import.meta.url).href;

if (self.name === 'replica') {
  serveWorker(async (data) => {
    const { settings } = data as ReplicaData;
    await startBackend({ wasmPaths, relaxedSimd: settings?.relaxedSimd ?? false });
    return makeReplica(data, compile);
  });
} else {
  startSession(
    () => startBackend({ wasmPaths }),
    () => new Worker(globalThis.location.href, { type: 'module', name: 'replica' }),
  );
}
