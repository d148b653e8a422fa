import { exportCheckpoint, importCheckpoint, indexedDbStore, startWorkers } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { fill, memory, setBackend } from '@tensorflow/tfjs-core';
import { lostAndResumed, runsOnGpu, thousandSteps, tooLarge } from './on-gpu.mjs';
import { firstLosses, longRun, onThreads, programs, someSeconds } from './programs.mjs';

/** @import { ProgramName, Result } from './programs.mjs' */

/** What is tried on a GPU. */
const onGpu = {
  runs: runsOnGpu,
  lost: () => lostAndResumed('lost'),
  thousand: thousandSteps,
  'too large': tooLarge,
};

/**
 * What a page or a worker is asked to do: to train, or to take a checkpoint from a URL or say
 * which is the newest and give it.
 *
 * @typedef {{ task: 'start', wasmPaths?: string }
 *   | { task: 'program', name: ProgramName }
 *   | { task: 'long run', database: string, until?: number }
 *   | { task: 'take', database: string, from: string }
 *   | { task: 'give', database: string, to?: string }
 *   | { task: 'backend', name: 'cpu' | 'webgl', start: boolean, compiled?: boolean }
 *   | { task: 'threads', count: number, memory: 'shared' | 'copied' }
 *   | { task: 'gpu', what: keyof typeof onGpu }
 *   | { task: 'memory' }
 *   | { task: 'some seconds' }} Task
 */

/**
 * Does a task, in a page or in a worker.
 *
 * @param {Task} task
 * @returns {Promise<Result | string | object>} a checkpoint's step, what the backend runs on, an error, losses, or what came of a GPU
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
    case 'some seconds': {
      await startBackend({ wasmPaths: simdUrl });
      return someSeconds();
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
    case 'backend': {
      if (task.start) await startBackend({ wasmPaths: simdUrl });
      await (task.name === 'cpu'
        ? import('@tensorflow/tfjs-backend-cpu')
        : import('@tensorflow/tfjs-backend-webgl'));
      if (!(await setBackend(task.name))) throw new Error(`${task.name} doesn't start`);
      return firstLosses(task.compiled === true ? compile : undefined);
    }
    case 'threads': {
      await startBackend({ wasmPaths: simdUrl });
      return onThreads(async (data) => {
        const workers = await startWorkers({
          count: task.count,
          spawn: () => new Worker(new URL('replica.mjs', import.meta.url), { type: 'module' }),
          data,
        });
        if (workers.memory === task.memory) return workers;
        throw new Error(`memory must be ${task.memory}; got ${workers.memory}`);
      });
    }
    case 'gpu': {
      await startBackend({ wasmPaths: simdUrl });
      return onGpu[task.what]();
    }
    case 'memory': {
      await startBackend({ wasmPaths: simdUrl });
      const before = memory().numTensors;
      await programs.uncompiled();
      const left = memory().numTensors - before;
      try {
        fill([40_000, 40_000], 1).dispose(); // 6.4 GB
      } catch (error) {
        return `${left} tensors left, ${error instanceof Error ? error.name : 'no error'}`;
      }
      return 'no error';
    }
  }
  throw new RangeError(`a task must be one of those above; got ${JSON.stringify(task)}`);
}
