import { Worker } from 'node:worker_threads';

/** The entry of threads: `dist/worker.js`, beside what is bundled of this. */
const WORKER = new URL('worker.js', import.meta.url);

/** Starts a thread. */
export function startThread(options: ConstructorParameters<typeof Worker>[1] = {}): Worker {
  return new Worker(WORKER, options);
}
