import type { Variable } from '@tensorflow/tfjs-core';
import { readVariables, type NamedVariables } from '../state/variables.js';
import type { Trainable } from '../step/trainable.js';
import type { LoadedValues } from './requests.js';

/** Variables by their positions: replicas of a model have them in the same order. */
export const namedByNumber = (variables: Iterable<Variable>): NamedVariables =>
  new Map(Array.from(variables, (variable, i) => [String(i), variable]));

const read = (variables: Iterable<Variable>): LoadedValues['parameters'] =>
  readVariables(namedByNumber(variables));

/** What a replica of a model takes over. */
export function valuesOf(model: Trainable): LoadedValues {
  return {
    parameters: read(model.parameters()),
    buffers: read(model.namedBuffers?.().values() ?? []),
    counters: read(model.namedCounters?.().values() ?? []),
  };
}
