// The module of the threads that `onThreads` trains on.
import { serveWorker } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { makeGpt } from './programs.mjs';

/** @import { GptData } from './programs.mjs' */

serveWorker(async (data) => {
  await startBackend({ wasmPaths: simdUrl });
  const { model, optimizer } = makeGpt(/** @type {GptData} */ (data));
  return { model, optimizer, compile };
});
