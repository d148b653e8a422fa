import { Generator } from '@llm101/random';
import type { ReplicaParts } from '@llm101/training';
import { examplesOf, makeModel, type ModelConfig } from './models/index.js';
import { makeOptimizer } from './optimizers.js';
import { compilerOf, type RunCompile } from './compiler.js';
import type { Settings } from './settings/settings.js';

/** What a worker makes a model from: plain values, which are sent to it. */
export interface ReplicaData {
  readonly config: ModelConfig;
  /** Of a run that it trains; without them it scores with a saved model. */
  readonly settings?: Settings | undefined;
}

/**
 * What a worker computes with, for a run or for a saved model on another thread. A backend must be running:
 *
 *     serveWorker(async (data) => {
 *       await startBackend();
 *       return makeReplica(data, compile);
 *     });
 *
 * @param data - as the other thread sends it
 * @param compile - `compile` of `@llm101/wasm`, if that of the other thread is
 */
export function makeReplica(data: unknown, compile?: RunCompile): ReplicaParts {
  const { config, settings } = data as ReplicaData;
  // its seeds of dropouts count; the other thread's parameters come
  const model = makeModel(config, Generator.seeded(settings?.seed ?? 0));
  const trained = examplesOf(config.type).trained(model);
  if (settings === undefined) {
    const plain = compilerOf({ compile: true, relaxedSimd: false }, compile);
    return { model: trained, compile: plain };
  }
  return {
    model: trained,
    optimizer: makeOptimizer(model, settings),
    compile: compilerOf(settings, compile),
  };
}
