import { exportCheckpoint, importCheckpoint, indexedDbStore } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { longRun, programs } from './programs.mjs';

/** @import { ProgramName, Result } from './programs.mjs' */

/**
 * What a page or a worker is asked to do: to train, or to take a checkpoint from a URL or say
 * which is the newest and give it.
 *
 * @typedef {{ task: 'start', wasmPaths?: string }
 *   | { task: 'program', name: ProgramName }
 *   | { task: 'long run', database: string, until?: number }
 *   | { task: 'take', database: string, from: string }
 *   | { task: 'give', database: string, to?: string }} Task
 */

/**
 * Does a task, in a page or in a worker.
 *
 * @param {Task} task
 * @returns {Promise<Result | string>} a checkpoint's step, or what the backend runs on
 */
export async function work(task) {
  switch (task.task) {
    case 'start': {
      return (await startBackend({ wasmPaths: task.wasmPaths ?? simdUrl })).description;
    }
    case 'program': {
      await startBackend({ wasmPaths: simdUrl });
      return programs[task.name]();
    }
    case 'long run': {
      await startBackend({ wasmPaths: simdUrl });
      const store = indexedDbStore(task.database);
      return longRun({ store, ...(task.until !== undefined && { until: task.until }) });
    }
    case 'take': {
      const file = await (await fetch(task.from)).arrayBuffer();
      const { step } = await importCheckpoint(indexedDbStore(task.database), new Uint8Array(file));
      return `step ${step}`;
    }
    case 'give': {
      const checkpoint = await exportCheckpoint(indexedDbStore(task.database));
      if (checkpoint === undefined) return 'none';
      if (task.to !== undefined) await fetch(task.to, { method: 'PUT', body: checkpoint.bytes });
      return `step ${checkpoint.step}`;
    }
  }
  throw new RangeError(`a task must be one of those above; got ${JSON.stringify(task)}`);
}
