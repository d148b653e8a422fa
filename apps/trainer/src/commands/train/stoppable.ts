import type { Compile, Compiled, CompileSettings, Feeds } from '@llm101/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Stopped, StopSignal } from '../../terminal/stop-signal.js';

/**
 * A compiler whose steps stop at the next call once a signal has come.
 *
 * @param stopped - what they throw then
 */
export function stoppable(compile: Compile, { signal }: StopSignal, stopped: Stopped): Compile {
  const check = (): void => {
    if (signal.aborted) throw stopped;
  };
  return <Inputs extends readonly Tensor[], Output extends Tensor>(
    step: (...inputs: Inputs) => Output,
    settings?: CompileSettings,
  ) => {
    const compiled = compile(step, settings);
    const read: Compiled<Inputs, Output>['read'] = (...inputs) => {
      check();
      return compiled.read(...inputs);
    };
    const readInto: Compiled<Inputs, Output>['readInto'] = (target, ...inputs) => {
      check();
      compiled.readInto(target, ...inputs);
    };
    const readLater = compiled.readLater?.bind(compiled);
    return Object.assign((...inputs: Inputs) => compiled(...inputs), {
      read,
      readInto,
      ...(readLater && {
        readLater: async (...inputs: Feeds<Inputs>) => {
          check();
          return readLater(...inputs);
        },
        sync: async () => compiled.sync?.(),
      }),
      rehearse: () => compiled.rehearse?.(),
      ...(compiled.arithmetic !== undefined && { arithmetic: compiled.arithmetic }),
      dispose: () => compiled.dispose(),
    });
  };
}
