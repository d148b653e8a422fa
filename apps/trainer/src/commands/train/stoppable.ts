import type { Compile, Compiled } from '@llm101/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Stopped, StopSignal } from '../../terminal/stop-signal.js';

/**
 * A way to run steps that ends between two of them once a signal has come.
 *
 * @param stopped - thrown then
 */
export function stoppable(compile: Compile, { signal }: StopSignal, stopped: Stopped): Compile {
  return <Inputs extends readonly Tensor[], Output extends Tensor>(
    step: (...inputs: Inputs) => Output,
  ) => {
    const compiled = compile(step);
    const read: Compiled<Inputs, Output>['read'] = (...inputs) => {
      if (signal.aborted) throw stopped;
      return compiled.read(...inputs);
    };
    return Object.assign((...inputs: Inputs) => compiled(...inputs), {
      read,
      dispose: () => compiled.dispose(),
    });
  };
}
