// Loaded before the command (node --import): ends each thread that it starts once there is a file of the name END_A_THREAD_AT.
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import threads, { isMainThread, Worker } from 'node:worker_threads';

const file = process.env['END_A_THREAD_AT'] ?? '';

if (isMainThread) {
  threads.Worker = class extends Worker {
    /** @param {ConstructorParameters<typeof Worker>} args */
    constructor(...args) {
      super(...args); // bounded: two
      const timer = setInterval(() => existsSync(file) && void this.terminate(), 5);
      timer.unref();
    }
  };
  syncBuiltinESMExports();
}
