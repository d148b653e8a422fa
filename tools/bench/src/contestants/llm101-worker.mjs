/** A worker of `llm101-threads.mjs`. */
import { serveWorker } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { partsOf } from './llm101-parts.mjs';

serveWorker(async (data) => {
  await startBackend({ relaxedSimd: true });
  return partsOf(/** @type {import('./llm101-parts.mjs').PartsData} */ (data));
});
