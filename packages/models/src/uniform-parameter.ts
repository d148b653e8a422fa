import type { Rank, ShapeMap, Variable } from '@tensorflow/tfjs-core';
import { uniform, type Generator } from '@llm101/random';
import { parameter } from './parameter.js';

/**
 * A parameter as PyTorch's `Linear` and `Conv1d` start: uniform within ±1/√fanIn, where fanIn counts the inputs of
 * one output.
 */
export function uniformParameter<R extends Rank>(
  shape: ShapeMap[R],
  fanIn: number,
  generator: Generator,
): Variable<R> {
  const bound = 1 / Math.sqrt(fanIn);
  const count = shape.reduce((product: number, size: number) => product * size, 1);
  return parameter<R>(uniform(generator, count, { low: -bound, high: bound }), shape);
}
