import { Tensor } from '@tensorflow/tfjs-core';
import type { NumericArray } from '../reference/numeric-array.js';

/** What a step may return: a tensor, an array of them, an object with tensors as its fields, or nothing. */
export type StepOutput = Tensor | Tensor[] | Record<string, Tensor> | void;

/** The values of a tensor of that kind. */
export type ValuesOf<T> = T extends Tensor ? NumericArray : never;

/** The values of an output, in the same structure. */
export type OutputValues<Output extends StepOutput> = Output extends Tensor
  ? ValuesOf<Output>
  : { [Key in keyof Output]: ValuesOf<Output[Key]> };

/** The output's tensors in their order. @throws TypeError when it holds something else */
export function flatten(output: StepOutput): Tensor[] {
  if (output === undefined) return [];
  const parts: unknown = output; // a step in JavaScript may return anything
  const tensors: unknown[] =
    parts instanceof Tensor
      ? [parts]
      : typeof parts === 'object'
        ? Object.values(parts ?? [0])
        : [0];
  if (!tensors.every((item) => item instanceof Tensor)) {
    throw new TypeError(
      'compile: a step must return tensors (one, an array, an object of them) or nothing; got something else; ' +
        'return the tensor and read it after the call',
    );
  }
  return tensors;
}

/** Puts other things into the places of an output's tensors. */
export function rebuilder(output?: StepOutput): (parts: readonly unknown[]) => unknown {
  if (output === undefined) return () => undefined;
  if (output instanceof Tensor) return (parts) => parts[0];
  if (Array.isArray(output)) return (parts) => [...parts];
  const names = Object.keys(output);
  return (parts) => Object.fromEntries(names.map((name, i) => [name, parts[i]]));
}
