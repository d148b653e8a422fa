import type { Compile, Compiled } from '@llm101/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { Stopped, type StopSignal } from './stop-signal.js';

/**
 * A way to run steps that ends between two of them once a signal has come.
 *
 * @param message - what is saved then
 */
export function stoppable(compile: Compile, { signal }: StopSignal, message: string): Compile {
  return <Inputs extends readonly Tensor[], Output extends Tensor>(
    step: (...inputs: Inputs) => Output,
  ) => {
    const compiled = compile(step);
    const read: Compiled<Inputs, Output>['read'] = (...inputs) => {
      if (signal.aborted) throw new Stopped(message);
      return compiled.read(...inputs);
    };
    return Object.assign((...inputs: Inputs) => compiled(...inputs), {
      read,
      dispose: () => compiled.dispose(),
    });
  };
}
